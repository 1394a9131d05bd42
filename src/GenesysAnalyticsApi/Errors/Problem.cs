using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Errors;

/// <summary>An error response, created from a <see cref="ProblemType"/>.</summary>
/// <param name="Name">The last part of <c>type</c>; <c>docs/problems/{name}.md</c> explains it.</param>
internal sealed record Problem(string Name, int Status, string Title, string? Detail)
{
    /// <summary>
    /// A sentence that follows <see cref="Detail"/> in the body of an HTTP response. It names headers or parameters that only the HTTP API has, so a tool of
    /// <c>/mcp</c> does not show it.
    /// </summary>
    public string? HttpRemedy { get; init; }

    /// <summary>Error messages by parameter name, for status 400.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The error that Genesys returned, if any.</summary>
    public UpstreamProblem? Upstream { get; init; }

    /// <summary>Sent as <c>Retry-After</c>, in whole seconds from 1 to 120.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Extension members of the body, such as <c>candidates</c>.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();
}

/// <summary>The error that Genesys Cloud returned, as far as it helps the caller or Genesys support.</summary>
/// <param name="Status">The HTTP status of Genesys' reply.</param>
/// <param name="Code">The error code of Genesys.</param>
/// <param name="Message">The error message of Genesys.</param>
/// <param name="CorrelationId">The id that Genesys support needs.</param>
internal sealed record UpstreamProblem(int? Status, string? Code, string? Message, string? CorrelationId);

/// <summary>Carries a problem to the exception handler, which writes it.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

/// <summary>Problem details according to RFC 9457.</summary>
internal sealed record ProblemBody
{
    /// <summary>The type of problem: a stable path to a page that explains it.</summary>
    /// <example>/problems/unknown-queue</example>
    public required string Type { get; init; }

    /// <summary>The title of the problem type; the same for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status of this response.</summary>
    public required int Status { get; init; }

    /// <summary>What happened and how to fix it. Absent for internal errors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>Identifies this request in the log of the service.</summary>
    public required string TraceId { get; init; }

    /// <summary>The error messages for each invalid parameter, with the accepted values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The error that Genesys Cloud returned, if any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UpstreamProblem? Upstream { get; init; }

    /// <summary>Extension members of some problem types, such as <c>candidates</c>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extensions { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>Quotes and non-ASCII letters are not escaped, for readability at a terminal. The content type is JSON, so nothing renders it as HTML.</summary>
    public static ProblemJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
