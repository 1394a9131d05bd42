using System.Net;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>Decides whether, when and for how long a notification that was not delivered is sent again.</summary>
internal static class WebhookRetryPolicy
{
    /// <summary>A notification that is older is given up.</summary>
    internal static readonly Duration Life = Duration.FromDays(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>The pause after an attempt: one second, then twice as long after each further attempt, up to five minutes, with a jitter of 25 %.</summary>
    internal static TimeSpan PauseAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(attempt - 1, 20), LongestPause.Ticks)) * (0.75 + (Random.Shared.NextDouble() * 0.5));

    /// <summary>The failure of an attempt to which the receiver responded with another status than 2xx.</summary>
    public static WebhookAttempt FailureOf(HttpStatusCode status) => (int)status switch
    {
        < 400 => new(false, $"The receiver responded with {(int)status}. The service does not follow redirects. Set the Url of the webhook to the final address.", MayRetry: false),
        408 or 425 or 429 or >= 500 => new(false, $"The receiver responded with {(int)status}.", MayRetry: true),
        _ => new(false, $"The receiver rejected the notification with {(int)status}.", MayRetry: false),
    };
}

/// <summary>The result of one attempt.</summary>
/// <param name="IsDelivered">Whether the receiver confirmed the notification with a 2xx status.</param>
/// <param name="Reason">Why the notification was not delivered. The reason contains neither the address nor the secret of the webhook.</param>
/// <param name="MayRetry">Whether a later attempt might succeed.</param>
internal readonly record struct WebhookAttempt(bool IsDelivered, string Reason, bool MayRetry)
{
    public static readonly WebhookAttempt Delivered = new(true, "", false);
}
