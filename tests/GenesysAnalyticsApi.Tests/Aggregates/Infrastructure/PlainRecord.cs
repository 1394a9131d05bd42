using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>A response whose records are objects. Tests serialize it and compare the bytes of the service with the result.</summary>
internal sealed record PlainResponse(ResolvedQuery Query, ResponseMeta Meta, IReadOnlyList<PlainRecord> Records);

/// <summary>A record as an object, with one property per field.</summary>
internal sealed record PlainRecord
{
    public string? QueueId { get; init; }
    public string? QueueName { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DivisionName { get; init; }
    public string? MediaType { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MessageType { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Direction { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserName { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WrapUpCode { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WrapUpCodeName { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string LocalFrom { get; init; }
    public long? TotalInteractions { get; init; }
    public long? Offered { get; init; }
    public long? Answered { get; init; }
    public long? Abandoned { get; init; }
    public long? ShortAbandoned { get; init; }
    public long? FlowOut { get; init; }
    public long? Outbound { get; init; }
    public long? Connected { get; init; }
    public long? Handled { get; init; }
    public long? OverServiceLevel { get; init; }
    public long? Transferred { get; init; }
    public long? BlindTransferred { get; init; }
    public long? ConsultTransferred { get; init; }
    public long? Errors { get; init; }
    public long? TotalHandleTimeMs { get; init; }
    public long? TalkTimeMs { get; init; }
    public long? HoldTimeMs { get; init; }
    public long? WrapTimeMs { get; init; }
    public long? DialingTimeMs { get; init; }
    public long? ContactingTimeMs { get; init; }
    public long? AlertTimeMs { get; init; }
    public long? WaitTimeMs { get; init; }
    public long? AnswerTimeMs { get; init; }
    public long? AbandonTimeMs { get; init; }
    public long? FlowOutTimeMs { get; init; }
    public double? AverageHandleTimeMs { get; init; }
    public double? AverageTalkTimeMs { get; init; }
    public double? AverageHoldTimeMs { get; init; }
    public double? AverageWrapTimeMs { get; init; }
    public double? AverageWaitTimeMs { get; init; }
    public double? AverageSpeedOfAnswerMs { get; init; }
    public double? AverageTimeToAbandonMs { get; init; }
    public long? LongestWaitMs { get; init; }
    public long? LongestHandleTimeMs { get; init; }
    public double? ServiceLevel { get; init; }
    public double? ServiceLevelNumerator { get; init; }
    public double? ServiceLevelDenominator { get; init; }
    public double? ServiceLevelTarget { get; init; }
    public double? AnswerRate { get; init; }
    public double? AbandonRate { get; init; }
    public double? TransferRate { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AnsweredWithin { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ServiceLevelWithin { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MetricStatistics?>? Metrics { get; init; }
    public required bool Complete { get; init; }
    public required bool Final { get; init; }
}
