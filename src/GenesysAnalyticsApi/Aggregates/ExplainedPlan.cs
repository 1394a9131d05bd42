using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>How a question would be answered, without Genesys having been asked.</summary>
/// <param name="Query">The question as it was understood.</param>
/// <param name="Calls">Calls to Genesys that it would cost now; for a caller limited to some queues, as if there were no others.</param>
/// <param name="Slices">The parts it is made of, in the order of time.</param>
internal sealed record ExplainedPlan(AnsweredQuery Query, int Calls, IReadOnlyList<ExplainedSlice> Slices);

internal sealed record ExplainedSlice
{
    /// <summary>Start of the slice, inclusive.</summary>
    public required string From { get; init; }

    /// <summary>End of the slice, exclusive.</summary>
    public required string To { get; init; }

    /// <summary>The bucket size that Genesys is asked for; null for one bucket.</summary>
    public required string? Granularity { get; init; }

    /// <summary>The metrics that are fetched together: standard, agent-time, callback, messaging, outbound or media.</summary>
    public required string MetricGroup { get; init; }

    /// <summary><c>all</c>, or which shard of the queues; <c>view</c> for a caller limited to some queues.</summary>
    public required string Scope { get; init; }

    /// <summary>It is there and fresh: nothing has to be asked.</summary>
    public required bool Cached { get; init; }

    /// <summary>When what is kept of it was fetched; null when nothing is.</summary>
    public required string? FetchedAt { get; init; }

    /// <summary>When what is kept of it has to be fetched again.</summary>
    public required string? DueAt { get; init; }

    /// <summary>The bodies that would be posted to /api/v2/analytics/conversations/aggregates/query, exactly; empty when cached. For a caller limited to some queues, one body with these.</summary>
    public required IReadOnlyList<JsonElement> Bodies { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplainedPlan))]
internal sealed partial class ExplainJson : JsonSerializerContext;
