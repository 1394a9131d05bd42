using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Folding;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// The figures of one queue × media type × bucket. Counts and sums are 0 where nothing happened. Quotients are null where their denominator is 0.
/// Metrics that Genesys does not post (answers and abandons of customer-first callbacks) or refuses are null. Durations are in milliseconds; rates
/// and levels are 0–1.
/// </summary>
internal sealed record AggregateRecord
{
    /// <summary>The queue's id; null where rows are rolled up over queues.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public string? QueueId { get; init; }

    /// <summary>The queue's name; the last known name of a deleted queue; null if it was never known.</summary>
    /// <example>Customer Service</example>
    public string? QueueName { get; init; }

    // RecordJsonWriter omits these depending on the query, not on the value. The attribute marks them as optional in OpenAPI.

    /// <summary>The division's id; present only when grouped by division; null if the division of the queue is unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionId { get; init; }

    /// <summary>The division's name; present only when grouped by division.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionName { get; init; }

    /// <summary>The media type as named by Genesys; null where rows are rolled up over media types.</summary>
    /// <example>voice</example>
    public string? MediaType { get; init; }

    /// <summary>Start of the bucket, inclusive.</summary>
    /// <example>2026-11-01T00:00:00Z</example>
    [DataType(DataType.DateTime)]
    public required string From { get; init; }

    /// <summary>End of the bucket, exclusive.</summary>
    /// <example>2026-11-02T00:00:00Z</example>
    [DataType(DataType.DateTime)]
    public required string To { get; init; }

    /// <summary>Start of the bucket in local time of timeZone.</summary>
    /// <example>2026-11-01T00:00:00</example>
    public required string LocalFrom { get; init; }

    /// <summary>Entries into the queue plus outbound calls; not the number of distinct contacts. Source: nOffered.count + nOutbound.count.</summary>
    /// <example>906</example>
    public long? TotalInteractions { get; init; }

    /// <summary>Interactions routed to the queue. Source: nOffered.count.</summary>
    /// <example>877</example>
    public long? Offered { get; init; }

    /// <summary>Interactions answered by an agent; null for callbacks that post neither answers nor abandons. Source: tAnswered.count.</summary>
    /// <example>787</example>
    public long? Answered { get; init; }

    /// <summary>Interactions that ended before an agent answered; null where answered is null. Source: tAbandon.count.</summary>
    /// <example>83</example>
    public long? Abandoned { get; init; }

    /// <summary>Abandoned interactions that ended within the organisation's short-abandon threshold; null where answered is null. Source: tShortAbandon.count.</summary>
    /// <example>7</example>
    public long? ShortAbandoned { get; init; }

    /// <summary>Interactions routed out of the queue, neither answered nor abandoned. Source: tFlowOut.count.</summary>
    /// <example>7</example>
    public long? FlowOut { get; init; }

    /// <summary>Outbound interactions. Source: nOutbound.count.</summary>
    /// <example>29</example>
    public long? Outbound { get; init; }

    /// <summary>
    /// Connected customer sessions. Not the same as answered: it does not show that an agent reached a customer. Behind an IVR, callers connect
    /// before any queue, so a voice queue counts mostly outbound calls and callbacks. Media that go directly to a queue may count contacts that no
    /// agent answered. Source: nConnected.count.
    /// </summary>
    /// <example>7</example>
    public long? Connected { get; init; }

    /// <summary>
    /// Completed agent sessions, including after-call work. Includes transfers, outbound calls, and alerts that the agent did not answer but that
    /// received a wrap-up code. Source: tHandle.count.
    /// </summary>
    /// <example>817</example>
    public long? Handled { get; init; }

    /// <summary>Interactions answered after the service level threshold. Source: nOverSla.count.</summary>
    /// <example>373</example>
    public long? OverServiceLevel { get; init; }

    /// <summary>Transfers made by agents. Source: nTransferred.count.</summary>
    /// <example>634</example>
    public long? Transferred { get; init; }

    /// <summary>Transfers without consultation. Source: nBlindTransferred.count.</summary>
    /// <example>634</example>
    public long? BlindTransferred { get; init; }

    /// <summary>Transfers after consultation. Source: nConsultTransferred.count.</summary>
    /// <example>0</example>
    public long? ConsultTransferred { get; init; }

    /// <summary>Sessions with an error. Source: nError.count.</summary>
    /// <example>751</example>
    public long? Errors { get; init; }

    /// <summary>Handle time in ms: contacting + dialing + talk + hold + after-call work, recorded when after-call work ends. Source: tHandle.sum.</summary>
    /// <example>131580101</example>
    public long? TotalHandleTimeMs { get; init; }

    /// <summary>Talk time in ms of completed agent sessions. Source: tTalkComplete.sum.</summary>
    /// <example>118231081</example>
    public long? TalkTimeMs { get; init; }

    /// <summary>Hold time in ms of completed agent sessions. Source: tHeldComplete.sum.</summary>
    /// <example>1584</example>
    public long? HoldTimeMs { get; init; }

    /// <summary>After-call work in ms. Source: tAcw.sum.</summary>
    /// <example>13049044</example>
    public long? WrapTimeMs { get; init; }

    /// <summary>Outbound dialing time in ms. Source: tDialing.sum.</summary>
    /// <example>274630</example>
    public long? DialingTimeMs { get; init; }

    /// <summary>Time in ms to connect to the agent's own station. Source: tContacting.sum.</summary>
    /// <example>23762</example>
    public long? ContactingTimeMs { get; init; }

    /// <summary>Time in ms that agents were alerted; not part of handle time. Source: tAlert.sum.</summary>
    /// <example>0</example>
    public long? AlertTimeMs { get; init; }

    /// <summary>Wait time in ms of all interactions that were answered, were abandoned or flowed out. Source: tWait.sum.</summary>
    /// <example>47536266</example>
    public long? WaitTimeMs { get; init; }

    /// <summary>Wait time in ms of answered interactions; null where answered is null. Source: tAnswered.sum.</summary>
    /// <example>40279740</example>
    public long? AnswerTimeMs { get; init; }

    /// <summary>Wait time in ms of abandoned interactions; null where answered is null. Source: tAbandon.sum.</summary>
    /// <example>5750770</example>
    public long? AbandonTimeMs { get; init; }

    /// <summary>Wait time in ms of interactions that flowed out. Source: tFlowOut.sum.</summary>
    /// <example>1505756</example>
    public long? FlowOutTimeMs { get; init; }

    /// <summary>Average handle time (AHT) in ms; null if nothing was handled. Source: tHandle.sum / tHandle.count.</summary>
    /// <example>161052.75520195838</example>
    public double? AverageHandleTimeMs { get; init; }

    /// <summary>Average talk time in ms per completed agent session with talk time. Source: tTalkComplete.sum / tTalkComplete.count.</summary>
    /// <example>148718.3408805031</example>
    public double? AverageTalkTimeMs { get; init; }

    /// <summary>Average hold time in ms per session that was held. Source: tHeldComplete.sum / tHeldComplete.count.</summary>
    /// <example>1584</example>
    public double? AverageHoldTimeMs { get; init; }

    /// <summary>Average after-call work in ms. Source: tAcw.sum / tAcw.count.</summary>
    /// <example>15991.47549019608</example>
    public double? AverageWrapTimeMs { get; init; }

    /// <summary>Average wait time in ms of all interactions that left the queue. Source: tWait.sum / tWait.count.</summary>
    /// <example>54203.26795895097</example>
    public double? AverageWaitTimeMs { get; init; }

    /// <summary>Average speed of answer (ASA) in ms; null where answered is null. Source: tAnswered.sum / tAnswered.count.</summary>
    /// <example>51181.372299872935</example>
    public double? AverageSpeedOfAnswerMs { get; init; }

    /// <summary>Average wait time in ms of abandoned interactions; null where answered is null. Source: tAbandon.sum / tAbandon.count.</summary>
    /// <example>69286.38554216867</example>
    public double? AverageTimeToAbandonMs { get; init; }

    /// <summary>The longest wait in ms; null if nothing waited or a merged part does not report it. Source: tWait.max.</summary>
    /// <example>451577</example>
    public long? LongestWaitMs { get; init; }

    /// <summary>The longest handle time in ms; null if nothing was handled or a merged part does not report it. Source: tHandle.max.</summary>
    /// <example>1040810</example>
    public long? LongestHandleTimeMs { get; init; }

    /// <summary>Fraction of interactions within the service level, 0–1. Source: oServiceLevel.numerator / oServiceLevel.denominator, each summed first.</summary>
    /// <example>0.47586206896551725</example>
    public double? ServiceLevel { get; init; }

    /// <summary>Interactions within the service level. Source: oServiceLevel.numerator.</summary>
    /// <example>414</example>
    public double? ServiceLevelNumerator { get; init; }

    /// <summary>Interactions that count towards the service level, according to the organisation's settings. Source: oServiceLevel.denominator.</summary>
    /// <example>870</example>
    public double? ServiceLevelDenominator { get; init; }

    /// <summary>Target of the service level, 0–1; null where merged parts have different targets. Source: oServiceLevel.target.</summary>
    /// <example>0.8</example>
    public double? ServiceLevelTarget { get; init; }

    /// <summary>
    /// answered / offered, 0–1 (above 1 if interactions are offered and answered in different buckets). Callbacks of queues that post neither answers
    /// nor abandons are excluded from both.
    /// </summary>
    /// <example>0.8973774230330672</example>
    public double? AnswerRate { get; init; }

    /// <summary>abandoned / offered, 0–1 like answerRate, with the same denominator as answerRate.</summary>
    /// <example>0.09464082098061574</example>
    public double? AbandonRate { get; init; }

    /// <summary>
    /// transferred / handled, 0–1 (above 1 if many sessions have several transfers or end in another bucket). Source: nTransferred.count /
    /// tHandle.count.
    /// </summary>
    /// <example>0.7760097919216646</example>
    public double? TransferRate { get; init; }

    /// <summary>Raw statistics by Genesys metric; present only for the metrics requested with metric=.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MetricStatistics?>? Metrics { get; init; }

    /// <summary>False if part of the bucket could not be fetched or an invalid statistic was omitted. Figures are then too low or null.</summary>
    /// <example>true</example>
    public required bool Complete { get; init; }

    /// <summary>True if all data was fetched after the time in which Genesys still changes it (by default 72 hours after the bucket's end).</summary>
    /// <example>true</example>
    public required bool Final { get; init; }
}
