namespace GenesysAnalyticsApi.Errors;

/// <summary>What a caller is told when there is no answer. Made by <see cref="Problems"/> only.</summary>
/// <param name="Name">The last part of <c>type</c>; a page <c>docs/problems/{name}.md</c> explains it.</param>
internal sealed record Problem(string Name, int Status, string Title, string? Detail)
{
    /// <summary>Parameter name → messages, for 400.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What Genesys said, when Genesys said no.</summary>
    public UpstreamProblem? Upstream { get; init; }

    /// <summary>Sent as <c>Retry-After</c>, in whole seconds from 1 to 120.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the body (<c>candidates</c>, <c>limit</c>).</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();
}

/// <summary>What Genesys Cloud answered to the service, as far as it helps the caller or Genesys' support.</summary>
/// <param name="Status">Genesys' HTTP status.</param>
/// <param name="Code">Genesys' error code.</param>
/// <param name="Message">Genesys' own message.</param>
/// <param name="CorrelationId">The id that Genesys' support asks for.</param>
internal sealed record UpstreamProblem(int? Status, string? Code, string? Message, string? CorrelationId);

/// <summary>Carries a problem from where it is noticed to the one handler that writes it.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
