using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>
/// The current state of a queue, a media type, or both. Absent fields do not apply: the figures about users belong to no media type, and without a
/// waiting conversation there is no longest wait. Figures that Genesys did not send are also absent.
/// </summary>
internal sealed record ObservationRecord
{
    /// <summary>The id of the queue; only with groupBy=queue.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? QueueId { get; init; }

    /// <summary>The name of the queue; absent if the queue is not in the directory.</summary>
    /// <example>Billing DE</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? QueueName { get; init; }

    /// <summary>The id of the queue's division.</summary>
    /// <example>2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionId { get; init; }

    /// <summary>The name of the queue's division.</summary>
    /// <example>Germany</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionName { get; init; }

    /// <summary>The media type; only with groupBy=mediaType. Absent in the record with the figures about a queue's users.</summary>
    /// <example>voice</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediaType { get; init; }

    /// <summary>Conversations that wait for an agent (<c>oWaiting</c>).</summary>
    /// <example>4</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Waiting { get; init; }

    /// <summary>Conversations with an agent (<c>oInteracting</c>).</summary>
    /// <example>11</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Interacting { get; init; }

    /// <summary>Conversations that are alerting an agent (<c>oAlerting</c>).</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Alerting { get; init; }

    /// <summary>How long, in milliseconds, the longest-waiting conversation had waited when the response was written (<c>oLongestWaiting</c>).</summary>
    /// <example>73250</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LongestWaitMs { get; init; }

    /// <summary>How long, in milliseconds, the longest conversation with an agent had lasted when the response was written (<c>oLongestInteracting</c>).</summary>
    /// <example>640120</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LongestInteractionMs { get; init; }

    /// <summary>Users who are on queue (<c>oOnQueueUsers</c>).</summary>
    /// <example>14</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OnQueueUsers { get; init; }

    /// <summary>Members whose membership is active (<c>oActiveUsers</c>).</summary>
    /// <example>20</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ActiveUsers { get; init; }

    /// <summary>All members (<c>oMemberUsers</c>).</summary>
    /// <example>24</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MemberUsers { get; init; }

    /// <summary>Users who are not on queue (<c>oOffQueueUsers</c>).</summary>
    /// <example>6</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OffQueueUsers { get; init; }

    /// <summary>Users by system presence (<c>oUserPresences</c>). An organization's own presences count as the system presence that they belong to.</summary>
    /// <example>{"AVAILABLE":3,"ON_QUEUE":14}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? UsersByPresence { get; init; }

    /// <summary>Users by routing status (<c>oUserRoutingStatuses</c>).</summary>
    /// <example>{"IDLE":2,"INTERACTING":12}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? UsersByRoutingStatus { get; init; }

    /// <summary>When the longest wait began.</summary>
    [JsonIgnore]
    public Instant? LongestWaitingSince { get; init; }

    /// <summary>When the longest conversation with an agent began.</summary>
    [JsonIgnore]
    public Instant? LongestInteractingSince { get; init; }

    /// <summary>The record with start times instead of durations: if no figure has changed, the JSON of two such records is equal.</summary>
    [JsonIgnore]
    public ObservationRecord Timeless => this with
    {
        LongestWaitMs = LongestWaitingSince?.ToUnixTimeMilliseconds(),
        LongestInteractionMs = LongestInteractingSince?.ToUnixTimeMilliseconds(),
    };

    /// <summary>The record with its durations at another instant.</summary>
    public ObservationRecord At(Instant now) => this with { LongestWaitMs = Milliseconds(LongestWaitingSince, now), LongestInteractionMs = Milliseconds(LongestInteractingSince, now) };

    private static long? Milliseconds(Instant? since, Instant now) => since is { } began ? Math.Max(0, (long)(now - began).TotalMilliseconds) : null;
}
