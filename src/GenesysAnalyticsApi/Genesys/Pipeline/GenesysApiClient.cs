using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// The one way to the API of Genesys, whichever client words the request: the pipeline is in the handlers of the HTTP client (see
/// <see cref="GenesysResilience"/>), and whatever went wrong leaves as a <see cref="GenesysException"/>.
/// </summary>
internal sealed class GenesysApiClient(
    IHttpClientFactory clients, GenesysRateLimiter budget, GenesysResilience resilience, GenesysStatus health, GenesysTelemetry metrics,
    IOptions<GenesysOptions> options, TimeProvider clock)
{
    public const string ClientName = "genesys";

    // Whoever examines is told that the minute is used up; to sit it out would look as if Genesys did not answer.
    private static readonly TimeSpan DiagnosticTimeout = TimeSpan.FromSeconds(5);

    /// <summary>False while Genesys is left alone after failing repeatedly.</summary>
    public bool IsBreakerClosed => resilience.IsBreakerClosed;

    /// <param name="permission">What the call needs in Genesys, for the message of a 403; null where it needs none.</param>
    /// <param name="read">Reads a successful answer, within the attempt.</param>
    public GenesysCallContext Call(RequestOrigin asker, string? permission, Func<Stream, CancellationToken, ValueTask> read) =>
        new(asker, permission, LimitOf(permission), read, asker.IsDiagnostic ? DiagnosticTimeout : options.Value.TotalTimeout, clock);

    /// <param name="ask">Makes the request; called within the failures' reach, for a region can be wrong.</param>
    public async Task SendAsync(GenesysCallContext call, Func<HttpRequestMessage> ask, CancellationToken cancellationToken)
    {
        using var trace = GenesysTracing.Call(call.Endpoint, call.Asker);
        try
        {
            using var request = ask();
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            call.AttachTo(request);

            // Without buffering: the answer was read when this returns.
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            health.Succeeded();
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever broke when the caller left, it is no failure of Genesys.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failed)
        {
            var known = FailureOf(failed, call);
            var failure = known.Failure;
            metrics.Failed(failure.Kind);
            if (!call.Asker.IsDiagnostic)
            {
                health.Failed(failure);
            }

            var told = new GenesysException(failure, call.Attempts, failed is GenesysException ? known.InnerException : failed) { Retry = known.Retry };
            trace.Failed(told);
            throw told;
        }
    }

    /// <summary>A request of the API at the configured Genesys Cloud.</summary>
    /// <param name="path">With its query; begins with a slash.</param>
    public HttpRequestMessage Request(HttpMethod method, string path, byte[]? body = null) =>
        new(method, new Uri(GenesysRegions.ApiBaseUrlOf(options.Value).AbsoluteUri.TrimEnd('/') + path))
        {
            Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };

    private ReplyLimit LimitOf(string? permission) => permission switch
    {
        GenesysWire.AggregatesPermission => ReplyLimit.Aggregates(options.Value),
        GenesysWire.QueuesPermission => ReplyLimit.QueuePage,
        _ => ReplyLimit.Small,
    };

    private GenesysException FailureOf(Exception failed, GenesysCallContext call) => failed switch
    {
        GenesysException known => known,
        TimeoutRejectedException when call.IsWaitingForPermit => GenesysFailures.BudgetUsedUp(TimeSpan.FromSeconds(budget.State.ResetSeconds)),
        TimeoutRejectedException => GenesysFailures.DeadlinePassed(options.Value.TotalTimeout),
        BrokenCircuitException broken => GenesysFailures.BreakerOpen(broken.RetryAfter),
        _ => GenesysFailures.NotReached(failed),
    };
}
