using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>Makes one attempt to send a notification to a webhook.</summary>
internal sealed class WebhookClient(IHttpClientFactory clients, IOptions<AlertsOptions> options, TimeProvider clock)
{
    public const string ClientName = "alerts";

    /// <summary>The time limit of one attempt, including the connection. The HTTP client measures it with the system clock.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (Uri Address, byte[] Key)> _webhooks = options.Value.Webhooks.Values.ToDictionary(
        webhook => webhook.Name!,
        webhook => (new Uri(webhook.Url!), WebhookSecret.TryRead(webhook.Secret!, out var key) ? key : throw new InvalidOperationException("The validator accepted an invalid secret.")),
        StringComparer.OrdinalIgnoreCase);

    public async Task<WebhookAttempt> SendAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        if (!_webhooks.TryGetValue(notification.Webhook, out var webhook))
        {
            return new(false, "The webhook is no longer configured.", MayRetry: false);
        }

        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = WebhookRequest.Of(webhook.Address, webhook.Key, notification, Instant.FromDateTimeOffset(clock.GetUtcNow()));

            // The body of the response is not read, because it is not needed and could be endless.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? WebhookAttempt.Delivered : WebhookRetryPolicy.FailureOf(response.StatusCode);
        }
        catch (Exception failure) when (AddressFaultIn(failure) is { } fault)
        {
            return new(false, fault.Message, MayRetry: false);
        }
        catch (HttpRequestException failure)
        {
            return new(false, $"The connection failed: {failure.HttpRequestError}.", MayRetry: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, FormattableString.Invariant($"The receiver did not respond within {Timeout.TotalSeconds:0} s."), MayRetry: true);
        }
    }

    private static WebhookAddressException? AddressFaultIn(Exception failure) => failure as WebhookAddressException ?? failure.InnerException as WebhookAddressException;
}
