namespace GenesysAnalyticsApi.Errors;

/// <summary>Every problem that a caller can meet, with its stable type, status and title.</summary>
internal static class Problems
{
    public static Problem InvalidRequest(IReadOnlyDictionary<string, string[]> errors) =>
        new("invalid-request", 400, "The request has wrong parameters.", "See errors: each wrong parameter with what is accepted.") { Errors = errors };

    public static Problem UnknownQueue(string detail) => new("unknown-queue", 404, "No such queue.", detail);

    public static Problem AmbiguousQueue(string detail, object candidates) =>
        new("ambiguous-queue", 409, "Several queues have that name.", detail)
        {
            Extensions = new Dictionary<string, object?> { ["candidates"] = candidates },
        };

    /// <summary>The plan exceeds a limit that nothing but a smaller question can mend.</summary>
    public static Problem QuestionTooLarge(string detail) => new("too-large", 422, "The question is too large.", detail);

    /// <summary>The plan needs more upstream calls than one request may make.</summary>
    public static Problem TooWide(string detail) => new("too-wide", 422, "The question is too wide for one request.", detail);
}
