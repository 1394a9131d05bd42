using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// Sends every request to the Genesys API, for the HTTP client and the official SDK alike. The handlers of the <c>genesys</c> HTTP client form the pipeline
/// (see <see cref="GenesysResiliencePipeline"/>). Every failure is thrown as a <see cref="GenesysException"/>.
/// </summary>
internal sealed class GenesysApiClient(
    IHttpClientFactory clients, GenesysRateLimiter rateLimiter, GenesysResiliencePipeline resilience, GenesysHealthCheck status, GenesysTelemetry metrics,
    IOptions<GenesysOptions> options, TimeProvider clock)
{
    public const string ClientName = "genesys";

    // A diagnostic that would wait longer for a lease reports an exhausted rate limit instead, because a long wait would look like an unresponsive Genesys.
    private static readonly TimeSpan DiagnosticTimeout = TimeSpan.FromSeconds(5);

    /// <summary>False while the circuit breaker is open or half-open.</summary>
    public bool IsBreakerClosed => resilience.IsBreakerClosed;

    /// <param name="permission">The Genesys permission that the request needs, for the message of a 403; null if it needs none.</param>
    /// <param name="read">Reads a successful reply; runs inside the attempt.</param>
    /// <param name="limit">Maximum size of a successful reply; null for the limit of the data that needs the permission.</param>
    public GenesysCallContext CreateCall(RequestOrigin origin, string? permission, Func<Stream, CancellationToken, ValueTask> read, ReplyLimit? limit = null) =>
        new(origin, permission, limit ?? LimitOf(permission), read, origin.IsDiagnostic ? DiagnosticTimeout : options.Value.TotalTimeout, clock);

    /// <param name="createRequest">Creates the request. It is called within the error handling, because it throws if the region is invalid.</param>
    public async Task SendAsync(GenesysCallContext call, Func<HttpRequestMessage> createRequest, CancellationToken cancellationToken)
    {
        using var trace = GenesysTracing.Call(call.Endpoint, call.Origin);
        try
        {
            using var request = createRequest();
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            call.AttachTo(request);

            // The pipeline has read the reply by the time SendAsync returns.
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            status.RecordSuccess();
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The caller canceled the request, so this is not a Genesys failure.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception exception)
        {
            var known = Translate(exception, call);
            var failure = known.Failure;
            metrics.RecordFailure(failure.Kind);
            if (!call.Origin.IsDiagnostic)
            {
                status.RecordFailure(failure);
            }

            var cause = exception is GenesysException ? known.InnerException : exception;
            var withAttempts = new GenesysException(failure, call.Attempts, cause) { Retry = known.Retry };
            trace.SetError(withAttempts);
            throw withAttempts;
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
        GenesysPermissions.Aggregates or GenesysPermissions.ConversationDetails => ReplyLimit.Analytics(options.Value.MaxAnswerBytes),
        GenesysPermissions.Queues => ReplyLimit.QueuePage,
        GenesysPermissions.Users => ReplyLimit.UserPage,
        GenesysPermissions.WrapUpCodes => ReplyLimit.WrapUpCodePage,
        _ => ReplyLimit.Small,
    };

    private GenesysException Translate(Exception exception, GenesysCallContext call) => exception switch
    {
        GenesysException known => known,
        TimeoutRejectedException when call.IsWaitingForLease => GenesysFailureFactory.RateLimitExhausted(TimeSpan.FromSeconds(rateLimiter.State.ResetSeconds)),
        TimeoutRejectedException => GenesysFailureFactory.DeadlinePassed(options.Value.TotalTimeout),
        BrokenCircuitException broken => GenesysFailureFactory.BreakerOpen(broken.RetryAfter),
        _ => GenesysFailureFactory.NotReached(exception),
    };
}
