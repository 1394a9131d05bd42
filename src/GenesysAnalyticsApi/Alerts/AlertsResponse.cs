using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>
/// The alerts of the queues that the caller can see. A queue with a current and complete figure has no alert if the condition has not held recently.
/// </summary>
/// <param name="Alerts">The alerts, sorted by state (firing, unknown, pending, resolved), then by rule and queue.</param>
/// <param name="Meta">Age and completeness of the figures behind the alerts.</param>
internal sealed record AlertsResponse(IReadOnlyList<AlertRecord> Alerts, AlertsMeta Meta);

/// <summary>One alert: a rule, and a queue for which the rule's condition holds, has held recently, or cannot be evaluated.</summary>
internal sealed record AlertRecord
{
    /// <summary>The name of the rule.</summary>
    /// <example>Long waits</example>
    public required string Rule { get; init; }

    /// <summary>
    /// <c>pending</c>: the condition holds, but not yet for the duration that the rule requires. <c>firing</c>: the condition has held for that duration, and
    /// the alert has not been resolved since. <c>resolved</c>: the alert fired and has been resolved; it is shown for an hour, or longer if webhooks must still
    /// be notified. <c>unknown</c>: there is no current and complete figure.
    /// </summary>
    /// <example>firing</example>
    public required string State { get; init; }

    /// <summary>The last known state of an <c>unknown</c> alert; absent if the alert is in another state or had no earlier state.</summary>
    /// <example>firing</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastState { get; init; }

    /// <summary>The queue's id; null in the one <c>unknown</c> alert of a rule for which no queue has a usable figure.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string? QueueId { get; init; }

    /// <summary>The queue's name; null if the alert names no queue or the name is not known.</summary>
    /// <example>Customer Service</example>
    public required string? QueueName { get; init; }

    /// <summary>The media type of the rule; absent if the rule covers all media types.</summary>
    /// <example>voice</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediaType { get; init; }

    /// <summary>The figure that the rule watches: a field of GET /observations or, with <c>period</c>, of GET /aggregates.</summary>
    /// <example>longestWaitMs</example>
    public required string Figure { get; init; }

    /// <summary>The period over which the figure is computed; absent for a live figure.</summary>
    /// <example>PT30M</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Period { get; init; }

    /// <summary>The newest usable value, in the unit of the figure; null if the figure has no value or there is no usable figure.</summary>
    /// <example>183000</example>
    public required double? Value { get; init; }

    /// <summary>The threshold of the rule.</summary>
    /// <example>120000</example>
    public required double Threshold { get; init; }

    /// <summary>How the value is compared with the threshold: <c>above</c>, <c>atLeast</c>, <c>below</c> or <c>atMost</c>.</summary>
    /// <example>above</example>
    public required string Comparison { get; init; }

    /// <summary>
    /// The time of the figure that put the alert into its state or, if the state is <c>unknown</c>, into <c>lastState</c>; null if there is no such state.
    /// </summary>
    /// <example>2026-11-23T09:13:00Z</example>
    public required DateTime? Since { get; init; }

    /// <summary>The time of the figure that made the alert fire; absent if the alert has not fired since it last became pending.</summary>
    /// <example>2026-11-23T09:13:00Z</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? FiredAt { get; init; }

    /// <summary>The time of the newest usable figure: later events may be missing from it. Null if there is no usable figure.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    public required DateTime? AsOf { get; init; }

    /// <summary>The age of the newest usable figure in milliseconds; null if there is no usable figure.</summary>
    /// <example>4000</example>
    public required long? AgeMs { get; init; }

    /// <summary>
    /// False if the newest figure is incomplete, too old, or could not be read. The state then follows from the last usable figure or, if that figure is too
    /// old, is <c>unknown</c>.
    /// </summary>
    /// <example>true</example>
    public required bool Complete { get; init; }

    /// <summary>
    /// The value and the threshold in words, with the reason if newer figures could not be used. If there is no usable figure, only the reason.
    /// </summary>
    /// <example>longestWaitMs is 183000, above the threshold 120000.</example>
    public required string Detail { get; init; }
}

/// <summary>Age and completeness of the figures behind the alerts.</summary>
/// <param name="AsOf" example="2026-11-23T09:15:02Z">The time of the oldest figures of the rules; null if a rule has no figures or there are no rules.</param>
/// <param name="AgeMs" example="4000">The age of the oldest figures in milliseconds; null if asOf is null.</param>
/// <param name="Complete" example="true">True if each of the rules has current and complete figures for all its queues that the caller can see.</param>
/// <param name="Rules">The selected rules. If the caller cannot see all queues, only rules that cover a queue that the caller can see.</param>
internal sealed record AlertsMeta(DateTime? AsOf, long? AgeMs, bool Complete, IReadOnlyList<AlertRuleMeta> Rules);

/// <summary>Age and completeness of the figures of one rule.</summary>
/// <param name="Rule" example="Long waits">The name of the rule.</param>
/// <param name="AsOf" example="2026-11-23T09:15:02Z">The time of the newest usable figures; null if there are no usable figures.</param>
/// <param name="AgeMs" example="4000">The age of the newest usable figures in milliseconds; null if there are no usable figures.</param>
/// <param name="Complete" example="true">True if the figures are current and complete for all queues of the rule that the caller can see.</param>
/// <param name="Detail">Why the figures are not current and complete; null if complete is true.</param>
internal sealed record AlertRuleMeta(string Rule, DateTime? AsOf, long? AgeMs, bool Complete, string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AlertsResponse))]
internal sealed partial class AlertsJson : JsonSerializerContext;
