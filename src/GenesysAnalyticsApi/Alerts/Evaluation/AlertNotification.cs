using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>A notification to one webhook about a change of an alert.</summary>
internal sealed record AlertNotification
{
    /// <summary>The id is the same in every attempt and for every webhook, so that a receiver can recognize duplicates.</summary>
    public required string Id { get; init; }

    public required string Webhook { get; init; }

    public required AlertChange Change { get; init; }

    public required string Rule { get; init; }

    public required string QueueId { get; init; }

    public string? QueueName { get; init; }

    public string? MediaType { get; init; }

    public required string Figure { get; init; }

    /// <summary>Null for a live figure.</summary>
    public string? Period { get; init; }

    public double? Value { get; init; }

    public required double Threshold { get; init; }

    public required AlertComparison Comparison { get; init; }

    public required Instant FiredAt { get; init; }

    /// <summary>Null in a notification that the alert is firing.</summary>
    public Instant? ResolvedAt { get; init; }

    /// <summary>The time of the figure.</summary>
    public required Instant AsOf { get; init; }

    /// <summary>When the service noticed the change.</summary>
    public required Instant CreatedAt { get; init; }

    /// <param name="before">
    /// The state before the change. If the alert is resolved, <see cref="AlertState.NotifiedAt"/> is the time of the firing that webhooks were notified of.
    /// </param>
    public static IEnumerable<AlertNotification> Of(AlertRule rule, AlertKey key, AlertState before, AlertState after, AlertChange change, string? queueName, Instant now)
    {
        var firedAt = (change == AlertChange.Firing ? after.FiredAt : before.NotifiedAt)!.Value;
        return rule.Webhooks.Select(webhook => new AlertNotification
        {
            Id = IdOf(key, firedAt, change),
            Webhook = webhook,
            Change = change,
            Rule = rule.Name,
            QueueId = key.QueueId,
            QueueName = queueName,
            MediaType = rule.MediaType,
            Figure = rule.Figure,
            Period = rule.Period?.Name,
            Value = after.Value,
            Threshold = rule.Threshold,
            Comparison = rule.Comparison,
            FiredAt = firedAt,
            ResolvedAt = change == AlertChange.Firing ? null : after.Since,
            AsOf = after.AsOf,
            CreatedAt = now,
        });
    }

    /// <summary>
    /// Computes the id from the alert, the time at which it fired, and the change. If two replicas notice the same change and have recorded the same time of
    /// firing, they send the same id.
    /// </summary>
    private static string IdOf(AlertKey key, Instant firedAt, AlertChange change)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{key.Rule}\n{key.QueueId}\n{firedAt.ToUnixTimeTicks()}\n{change}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
