using System.Net;
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
        TimeoutRejectedException when call.IsWaitingForLease => GenesysExceptionFactory.RateLimitExhausted(TimeSpan.FromSeconds(rateLimiter.State.ResetSeconds)),
        TimeoutRejectedException => GenesysExceptionFactory.DeadlinePassed(options.Value.TotalTimeout),
        BrokenCircuitException broken => GenesysExceptionFactory.BreakerOpen(broken.RetryAfter),
        _ => GenesysExceptionFactory.NotReached(exception),
    };
}

/// <summary>
/// The state that all attempts of one Genesys request share. It is attached to the HTTP request. Attempts run one at a time, so the state needs no lock.
/// </summary>
/// <param name="origin">Decides the priority in the rate limiter.</param>
/// <param name="permission">The Genesys permission that the request needs, for the message of a 403; null if it needs none.</param>
/// <param name="limit">Maximum size of a successful reply.</param>
/// <param name="readReply">Reads a successful reply. It runs inside the attempt, so the attempt fails if the body stalls or breaks off.</param>
internal sealed class GenesysCallContext(
    RequestOrigin origin, string? permission, ReplyLimit limit, Func<Stream, CancellationToken, ValueTask> readReply, TimeSpan timeout, TimeProvider clock)
{
    private static readonly HttpRequestOptionsKey<GenesysCallContext> Key = new(nameof(GenesysCallContext));

    private readonly long _started = clock.GetTimestamp();
    private bool _isReplayed;
    private bool _isRetriedOnce;

    public RequestOrigin Origin => origin;

    public string? Permission => permission;

    public ReplyLimit Limit => limit;

    public string Endpoint { get; } = GenesysTelemetry.EndpointOf(permission);

    /// <summary>Attempts sent to Genesys.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the latest attempt was sent. The reply to it contains nothing that happened later.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>The status of the successful reply that is being read.</summary>
    public HttpStatusCode Status { get; set; }

    /// <summary>Time until the deadline.</summary>
    public TimeSpan RemainingTime => timeout - clock.GetElapsedTime(_started);

    /// <summary>True while the attempt is waiting for a lease. If the deadline passes during this wait, the rate limit is the reason.</summary>
    public bool IsWaitingForLease { get; set; }

    /// <summary>Backoff before the retry that <see cref="MayRetry"/> allowed.</summary>
    public TimeSpan Pause { get; private set; }

    public static GenesysCallContext Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : throw new InvalidOperationException("The request has no GenesysCallContext; only GenesysApiClient may send requests to Genesys.");

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public void MarkSent()
    {
        Attempts++;
        SentAt = clock.GetUtcNow();
    }

    public ValueTask ReadAsync(Stream body, CancellationToken cancellationToken) => readReply(body, cancellationToken);

    /// <summary>
    /// Whether the request is replayed with a new token. Each request is replayed at most once, whether or not it is also retried for other reasons.
    /// </summary>
    public bool MayReplay(Exception? exception) => exception is GenesysException { Retry: RetryKind.OnceWithNewToken } && !_isReplayed;

    /// <summary>Whether the request is retried. If the pause before the retry does not fit into the deadline, the request fails immediately.</summary>
    public bool MayRetry(Exception? exception, int retry, TimeSpan longestWait, double random)
    {
        if (origin.IsDiagnostic
            || origin.Calls is { Left: 0 }
            || exception is not GenesysException { Retry: RetryKind.Once or RetryKind.Backoff } known
            || (known.Retry == RetryKind.Once && _isRetriedOnce)
            || known.Failure.RetryAfter > longestWait)
        {
            return false;
        }

        Pause = GenesysBackoff.Delay(known.Failure, retry, random);
        return Pause < RemainingTime;
    }

    public void MarkReplayed() => _isReplayed = true;

    public void MarkRetried(Exception? exception)
    {
        _isRetriedOnce |= exception is GenesysException { Retry: RetryKind.Once };
        if (exception is GenesysException { Failure: var failure })
        {
            origin.Calls?.RecordCause(failure);
        }
    }
}
