namespace GenesysAnalyticsApi.Errors;

/// <summary>What a caller is told when there is no answer. Made by <see cref="Problems"/> only.</summary>
/// <param name="Name">The last part of <c>type</c>; a page <c>docs/problems/{name}.md</c> explains it.</param>
internal sealed record Problem(string Name, int Status, string Title, string Detail)
{
    /// <summary>Parameter name → messages, for 400.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Sent as <c>Retry-After</c>, rounded up to whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the body (<c>candidates</c>, <c>upstream</c>, <c>limit</c>).</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();
}

/// <summary>Carries a problem from where it is noticed to the one handler that writes it.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
