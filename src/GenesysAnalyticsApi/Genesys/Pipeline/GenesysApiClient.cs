using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// Sends every request to the Genesys API, for the HTTP gateway and the SDK alike. The handlers of the HTTP client form the pipeline (see
/// <see cref="GenesysResilience"/>). Every failure is thrown as a <see cref="GenesysException"/>.
/// </summary>
internal sealed class GenesysApiClient(
    IHttpClientFactory clients, GenesysRateLimiter rateLimiter, GenesysResilience resilience, GenesysStatus status, GenesysTelemetry metrics,
    IOptions<GenesysOptions> options, TimeProvider clock)
{
    public const string ClientName = "genesys";

    // A diagnostic reports that the rate limit is exhausted; waiting for a lease would look like an unresponsive Genesys.
    private static readonly TimeSpan DiagnosticTimeout = TimeSpan.FromSeconds(5);

    /// <summary>False while the circuit breaker is open.</summary>
    public bool IsBreakerClosed => resilience.IsBreakerClosed;

    /// <param name="permission">The Genesys permission that the call needs, for the message of a 403; null if it needs none.</param>
    /// <param name="read">Reads a successful reply; runs inside the attempt.</param>
    public GenesysCallContext CreateCall(RequestOrigin origin, string? permission, Func<Stream, CancellationToken, ValueTask> read) =>
        new(origin, permission, LimitOf(permission), read, origin.IsDiagnostic ? DiagnosticTimeout : options.Value.TotalTimeout, clock);

    /// <param name="createRequest">Creates the request. Called inside the error handling, because the region may be invalid.</param>
    public async Task SendAsync(GenesysCallContext call, Func<HttpRequestMessage> createRequest, CancellationToken cancellationToken)
    {
        using var trace = GenesysTracing.Call(call.Endpoint, call.Origin);
        try
        {
            using var request = createRequest();
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            call.AttachTo(request);

            // The pipeline has read the reply by the time this returns.
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            status.RecordSuccess();
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The caller cancelled, so this is not a Genesys failure.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failed)
        {
            var known = Translate(failed, call);
            var failure = known.Failure;
            metrics.RecordFailure(failure.Kind);
            if (!call.Origin.IsDiagnostic)
            {
                status.RecordFailure(failure);
            }

            var reported = new GenesysException(failure, call.Attempts, failed is GenesysException ? known.InnerException : failed) { Retry = known.Retry };
            trace.SetError(reported);
            throw reported;
        }
    }

    /// <summary>Creates an API request for the configured region.</summary>
    /// <param name="path">Path and query, with a leading slash.</param>
    public HttpRequestMessage CreateRequest(HttpMethod method, string path, byte[]? body = null) =>
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

    private GenesysException Translate(Exception failed, GenesysCallContext call) => failed switch
    {
        GenesysException known => known,
        TimeoutRejectedException when call.IsWaitingForPermit => GenesysFailures.BudgetUsedUp(TimeSpan.FromSeconds(rateLimiter.State.ResetSeconds)),
        TimeoutRejectedException => GenesysFailures.DeadlinePassed(options.Value.TotalTimeout),
        BrokenCircuitException broken => GenesysFailures.BreakerOpen(broken.RetryAfter),
        _ => GenesysFailures.NotReached(failed),
    };
}
