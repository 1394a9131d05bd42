using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Errors;

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
