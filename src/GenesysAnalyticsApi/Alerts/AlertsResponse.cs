using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>The alerts of the queues that the caller can see.</summary>
/// <param name="Alerts">Firing alerts first, then unknown, pending and resolved ones, each sorted by rule and queue. There is no alert for a queue whose condition has not held recently.</param>
/// <param name="Meta">Age and completeness of the figures behind the alerts.</param>
internal sealed record AlertsResponse(IReadOnlyList<AlertRecord> Alerts, AlertsMeta Meta);

/// <summary>One alert: a rule, and a queue for which the rule's condition holds, held within the last hour, or cannot be evaluated.</summary>
internal sealed record AlertRecord
{
    /// <summary>The name of the rule.</summary>
    /// <example>Long waits</example>
    public required string Rule { get; init; }

    /// <summary>
    /// <c>pending</c>: the condition holds, but not yet for the duration that the rule requires. <c>firing</c>: it has held for that duration.
    /// <c>resolved</c>: the alert fired and was resolved within the last hour. <c>unknown</c>: there is no current and complete figure.
    /// </summary>
    /// <example>firing</example>
    public required string State { get; init; }

    /// <summary>The state before the figures became unusable; only with the state <c>unknown</c>.</summary>
    /// <example>firing</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastState { get; init; }

    /// <summary>The queue's id; null if no queue of the rule has usable figures.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string? QueueId { get; init; }

    /// <summary>The queue's name.</summary>
    /// <example>Customer Service</example>
    public required string? QueueName { get; init; }

    /// <summary>The media type of the rule; absent if the rule covers all media types.</summary>
    /// <example>voice</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediaType { get; init; }

    /// <summary>The figure of GET /observations or, with <c>period</c>, of GET /aggregates.</summary>
    /// <example>longestWaitMs</example>
    public required string Figure { get; init; }

    /// <summary>The period over which the figure is computed; absent for a live figure.</summary>
    /// <example>PT30M</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Period { get; init; }

    /// <summary>The newest usable value, in the unit of the figure; null if the figure has no value.</summary>
    /// <example>183000</example>
    public required double? Value { get; init; }

    /// <summary>The threshold of the rule.</summary>
    /// <example>120000</example>
    public required double Threshold { get; init; }

    /// <summary><c>above</c>, <c>atLeast</c>, <c>below</c> or <c>atMost</c>: how the value is compared with the threshold.</summary>
    /// <example>above</example>
    public required string Comparison { get; init; }

    /// <summary>The time of the figure with which the alert entered this state; null for an unknown alert without an earlier state.</summary>
    /// <example>2026-11-23T09:13:00Z</example>
    public required DateTime? Since { get; init; }

    /// <summary>When the alert fired; absent if it has not fired.</summary>
    /// <example>2026-11-23T09:13:00Z</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? FiredAt { get; init; }

    /// <summary>The time of the value, which may not reflect later events. Null if there is no value.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    public required DateTime? AsOf { get; init; }

    /// <summary>The age of the value in milliseconds; null if there is none.</summary>
    /// <example>4000</example>
    public required long? AgeMs { get; init; }

    /// <summary>False if the newest figure is incomplete, too old, or could not be read. The state is then that of the last usable value.</summary>
    /// <example>true</example>
    public required bool Complete { get; init; }

    /// <summary>The state in words and, if newer figures cannot be used, the reason.</summary>
    /// <example>longestWaitMs is 183000, above the threshold 120000.</example>
    public required string Detail { get; init; }
}

/// <summary>Age and completeness of the figures behind the alerts.</summary>
/// <param name="AsOf" example="2026-11-23T09:15:02Z">The time of the figures of the rule whose figures are oldest; null if a rule has no figures.</param>
/// <param name="AgeMs" example="4000">The age of these figures in milliseconds.</param>
/// <param name="Complete" example="true">True if every rule has current and complete figures of all its queues.</param>
/// <param name="Rules">The rules that cover a queue that the caller can see.</param>
internal sealed record AlertsMeta(DateTime? AsOf, long? AgeMs, bool Complete, IReadOnlyList<AlertRuleMeta> Rules);

/// <summary>The figures of one rule.</summary>
/// <param name="Rule" example="Long waits">The name of the rule.</param>
/// <param name="AsOf" example="2026-11-23T09:15:02Z">The time of the newest figures; null if there are none.</param>
/// <param name="AgeMs" example="4000">Their age in milliseconds; null if there are none.</param>
/// <param name="Complete" example="true">True if the figures are current and complete for all queues of the rule.</param>
/// <param name="Detail">Why the figures are not current and complete; null if they are.</param>
internal sealed record AlertRuleMeta(string Rule, DateTime? AsOf, long? AgeMs, bool Complete, string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AlertsResponse))]
internal sealed partial class AlertsJson : JsonSerializerContext;
