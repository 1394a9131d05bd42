using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>The body of a notification.</summary>
internal sealed record WebhookBody
{
    public required string Id { get; init; }

    /// <summary><c>alert.firing</c> or <c>alert.resolved</c>.</summary>
    public required string Type { get; init; }

    /// <summary>When the service noticed the change.</summary>
    public required string Timestamp { get; init; }

    public required WebhookAlert Data { get; init; }

    public static WebhookBody Of(AlertNotification notification) => new()
    {
        Id = notification.Id,
        Type = $"alert.{NameOf(notification.Change)}",
        Timestamp = InstantFormat.Print(notification.CreatedAt),
        Data = new WebhookAlert
        {
            Rule = notification.Rule,
            State = NameOf(notification.Change),
            QueueId = notification.QueueId,
            QueueName = notification.QueueName,
            MediaType = notification.MediaType,
            Figure = notification.Figure,
            Period = notification.Period,
            Value = notification.Value,
            Threshold = notification.Threshold,
            Comparison = notification.Comparison.Name(),
            FiredAt = InstantFormat.Print(notification.FiredAt),
            ResolvedAt = notification.ResolvedAt is { } resolved ? InstantFormat.Print(resolved) : null,
            AsOf = InstantFormat.Print(notification.AsOf),
            AgeMs = AlertNames.AgeMs(notification.AsOf, notification.CreatedAt),
        },
    };

    private static string NameOf(AlertChange change) => change == AlertChange.Firing ? "firing" : "resolved";
}

internal sealed record WebhookAlert
{
    public required string Rule { get; init; }

    public required string State { get; init; }

    public required string QueueId { get; init; }

    public required string? QueueName { get; init; }

    public required string? MediaType { get; init; }

    public required string Figure { get; init; }

    public required string? Period { get; init; }

    public required double? Value { get; init; }

    public required double Threshold { get; init; }

    public required string Comparison { get; init; }

    public required string FiredAt { get; init; }

    public required string? ResolvedAt { get; init; }

    public required string AsOf { get; init; }

    /// <summary>The age of the figure, in milliseconds, at the timestamp of the notification.</summary>
    public required long AgeMs { get; init; }

    /// <summary>Always true, because only complete figures change an alert.</summary>
    public bool Complete { get; } = true;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext;
