using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

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

/// <summary>What is sent instead of an answer: problem details as of RFC 9457.</summary>
internal sealed record ProblemBody
{
    /// <summary>The kind of problem; stable, and the address of a page that explains it.</summary>
    /// <example>/problems/unknown-queue</example>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words; the same for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status of this answer.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time, and what can be done. Absent for internal errors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Finds this request in the log of the service.</summary>
    public required string TraceId { get; init; }

    /// <summary>For wrong parameters: the name of each, with what is wrong and what is accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When Genesys Cloud said no: what it said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UpstreamProblem? Upstream { get; init; }

    /// <summary>Further members that only some kinds have, such as <c>candidates</c>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extensions { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>For people at a terminal: quotes and letters as they are. The type is JSON, nothing takes it for a page.</summary>
    public static ProblemJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
