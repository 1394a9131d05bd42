namespace GenesysAnalyticsApi.Errors;

/// <summary>A stable problem type with its own page at <c>/problems/{Name}</c>.</summary>
/// <param name="Title">The same for every occurrence (RFC 9457).</param>
/// <param name="Statuses">
/// The HTTP statuses that endpoints of the API return. A problem for a status that the framework has chosen (<see cref="ProblemFactory.FromStatus"/>) can have
/// another one.
/// </param>
internal sealed record ProblemType(string Name, string Title, params int[] Statuses)
{
    public static ProblemType InvalidRequest { get; } = new("invalid-request", "The request is invalid.", 400);

    public static ProblemType Unauthenticated { get; } = new("unauthenticated", "Authentication is required.", 401);

    public static ProblemType Forbidden { get; } = new("forbidden", "The caller lacks the required permission.", 403);

    public static ProblemType UnknownQueue { get; } = new("unknown-queue", "No such queue.", 404);

    public static ProblemType UnknownUser { get; } = new("unknown-user", "No such user.", 404);

    public static ProblemType UnknownWrapUpCode { get; } = new("unknown-wrapup-code", "No such wrap-up code.", 404);

    public static ProblemType UnknownConversation { get; } = new("unknown-conversation", "No such conversation.", 404);

    public static ProblemType UnknownJob { get; } = new("unknown-job", "No such job.", 404);

    public static ProblemType NotFound { get; } = new("not-found", "The address does not exist.", 404);

    public static ProblemType MethodNotAllowed { get; } = new("method-not-allowed", "This address does not support the method.", 405, 501);

    public static ProblemType NotAcceptable { get; } = new("not-acceptable", "None of the requested formats is available.", 406);

    public static ProblemType AmbiguousQueue { get; } = new("ambiguous-queue", "Several queues have that name.", 409);

    public static ProblemType AmbiguousUser { get; } = new("ambiguous-user", "Several users have that name.", 409);

    public static ProblemType JobWithoutResult { get; } = new("job-without-result", "The job has no result.", 409);

    public static ProblemType TooLarge { get; } = new("too-large", "The request is too large.", 413, 414, 422);

    public static ProblemType UnsupportedMediaType { get; } =
        new("unsupported-media-type", "The format of the body is not supported.", 415);

    public static ProblemType TooWide { get; } = new("too-wide", "The query is too wide for one request.", 422);

    public static ProblemType CallerRateLimited { get; } = new("caller-rate-limited", "The caller's rate limit is exceeded.", 429);

    public static ProblemType TooManyJobs { get; } = new("too-many-jobs", "Too many jobs have not ended.", 429);

    public static ProblemType Internal { get; } = new("internal", "An internal error occurred.", 500);

    public static ProblemType GenesysRefused { get; } = new("genesys-refused", "Genesys Cloud did not return a usable reply.", 502);

    public static ProblemType GenesysRateLimited { get; } =
        new("genesys-rate-limited", "The Genesys Cloud rate limit is exhausted.", 503);

    public static ProblemType GenesysUnavailable { get; } = new("genesys-unavailable", "Genesys Cloud cannot be reached.", 503);

    public static ProblemType Overloaded { get; } = new("overloaded", "This service is overloaded.", 503);

    public static ProblemType IdentityUnavailable { get; } = new("identity-unavailable", "Bearer tokens cannot be validated at the moment.", 503);

    public static ProblemType GenesysTimeout { get; } = new("genesys-timeout", "Genesys Cloud did not respond in time.", 504);

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        InvalidRequest, Unauthenticated, Forbidden, UnknownQueue, UnknownUser, UnknownWrapUpCode, UnknownConversation, UnknownJob, NotFound, MethodNotAllowed, NotAcceptable, AmbiguousQueue,
        AmbiguousUser, JobWithoutResult, TooLarge, UnsupportedMediaType, TooWide, CallerRateLimited, TooManyJobs, Internal, GenesysRefused, GenesysRateLimited, GenesysUnavailable, Overloaded, IdentityUnavailable, GenesysTimeout,
    ];

    public Problem WithDetail(string? detail) => new(Name, Statuses[0], Title, detail);

    public Problem WithDetail(int status, string? detail) => new(Name, status, Title, detail);
}
