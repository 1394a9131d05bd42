using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>
/// The current state of a queue, of a media type, of a media type in a queue or, with groupBy=none, of all selected queues together. A field that does not
/// apply is absent: figures about users exist per queue only, and there is no longest wait if no conversation is waiting. A figure that Genesys did not send,
/// or that could not be read, is also absent.
/// </summary>
internal sealed record ObservationRecord
{
    /// <summary>The id of the queue; only with groupBy=queue.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? QueueId { get; init; }

    /// <summary>The name of the queue; only with groupBy=queue, and absent if the name is not known.</summary>
    /// <example>Billing DE</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? QueueName { get; init; }

    /// <summary>The id of the queue's division; only with groupBy=queue, and absent if the division is not known.</summary>
    /// <example>2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionId { get; init; }

    /// <summary>The name of the queue's division; only with groupBy=queue, and absent if the division is not known.</summary>
    /// <example>Germany</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionName { get; init; }

    /// <summary>The media type; only with groupBy=mediaType. Absent from the record that contains the figures about a queue's users.</summary>
    /// <example>voice</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediaType { get; init; }

    /// <summary>The number of conversations waiting for an agent (<c>oWaiting</c>).</summary>
    /// <example>4</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Waiting { get; init; }

    /// <summary>The number of conversations with an agent (<c>oInteracting</c>).</summary>
    /// <example>11</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Interacting { get; init; }

    /// <summary>The number of conversations that are alerting an agent (<c>oAlerting</c>).</summary>
    /// <example>1</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Alerting { get; init; }

    /// <summary>
    /// The wait of the longest-waiting conversation in milliseconds, up to the time of the response (<c>oLongestWaiting</c>). Absent if no conversation is
    /// waiting.
    /// </summary>
    /// <example>73250</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LongestWaitMs { get; init; }

    /// <summary>
    /// The duration of the longest interaction with an agent in milliseconds, up to the time of the response (<c>oLongestInteracting</c>). Absent if there is
    /// no such interaction.
    /// </summary>
    /// <example>640120</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LongestInteractionMs { get; init; }

    /// <summary>The number of the queue's users who are on queue (<c>oOnQueueUsers</c>).</summary>
    /// <example>14</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OnQueueUsers { get; init; }

    /// <summary>The number of members of the queue who have joined it: their membership is active (<c>oActiveUsers</c>).</summary>
    /// <example>20</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ActiveUsers { get; init; }

    /// <summary>The number of all members of the queue, whether or not they have joined it (<c>oMemberUsers</c>).</summary>
    /// <example>24</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MemberUsers { get; init; }

    /// <summary>The number of the queue's users who are off queue (<c>oOffQueueUsers</c>).</summary>
    /// <example>6</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OffQueueUsers { get; init; }

    /// <summary>
    /// The number of the queue's users by system presence (<c>oUserPresences</c>). A presence that the organization defined counts as the system presence to
    /// which Genesys maps it, or as <c>UNKNOWN</c> if this mapping is not known.
    /// </summary>
    /// <example>{"AVAILABLE":3,"ON_QUEUE":14}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? UsersByPresence { get; init; }

    /// <summary>The number of the queue's users by routing status (<c>oUserRoutingStatuses</c>).</summary>
    /// <example>{"IDLE":2,"INTERACTING":12}</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? UsersByRoutingStatus { get; init; }

    /// <summary>When the longest wait began.</summary>
    [JsonIgnore]
    public Instant? LongestWaitingSince { get; init; }

    /// <summary>When the longest interaction with an agent began.</summary>
    [JsonIgnore]
    public Instant? LongestInteractingSince { get; init; }

    /// <summary>A copy with start times in place of the durations, which grow all the time. Two copies have equal JSON as long as no figure changes.</summary>
    [JsonIgnore]
    public ObservationRecord Timeless => this with
    {
        LongestWaitMs = LongestWaitingSince?.ToUnixTimeMilliseconds(),
        LongestInteractionMs = LongestInteractingSince?.ToUnixTimeMilliseconds(),
    };

    /// <summary>A copy with the durations at another instant.</summary>
    public ObservationRecord At(Instant now) => this with { LongestWaitMs = Milliseconds(LongestWaitingSince, now), LongestInteractionMs = Milliseconds(LongestInteractingSince, now) };

    private static long? Milliseconds(Instant? since, Instant now) => since is { } start ? Math.Max(0, (long)(now - start).TotalMilliseconds) : null;
}
