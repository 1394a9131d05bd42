using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// The resilience pipeline of every Genesys API request. All stages are handlers of the <c>genesys</c> HTTP client:
/// <code>
///   deadline        Genesys:TotalTimeout, including retries and waits      ┐
///   retry           some failures once; others with jittered backoff       │ AddCall
///   replay          after a 401, once, immediately                         │
///   breaker         counts failures that indicate an unhealthy Genesys     ┘
///   rate limit      RateLimitHandler: one lease for each attempt; exceptions become failures
///   attempt timeout Genesys:AttemptTimeout, including reading the body       AddAttempt
///   authentication  AuthenticationHandler: adds the token
///   reply           ReplyHandler: sends, reads the reply, or creates its failure
/// </code>
/// The reply is read inside the pipeline, so a body that is cut off is retried, and a body that stalls times out. Every request can be repeated. Most requests
/// have no side effects, including the queries that are sent with POST. If Genesys has accepted the submission of an asynchronous query twice, the results of
/// the first one expire unread. If Genesys has created a notification channel twice, the first one is never connected. Setting topics and deleting a query have
/// the same effect if they are repeated.
/// </summary>
internal sealed partial class GenesysResiliencePipeline(GenesysTelemetry metrics, IOptions<GenesysOptions> options, ILogger<GenesysResiliencePipeline> logger)
{
    private readonly CircuitBreakerStateProvider _breaker = new();

    /// <summary>False while the circuit breaker is open or half-open.</summary>
    public bool IsBreakerClosed => _breaker.CircuitState == CircuitState.Closed;

    public void AddCall(ResiliencePipelineBuilder<HttpResponseMessage> pipeline)
    {
        Silence(pipeline);
        pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Name = "deadline", Timeout = options.Value.TotalTimeout });
        pipeline.AddRetry(Retry());
        pipeline.AddRetry(Replay());
        pipeline.AddCircuitBreaker(Breaker());
    }

    public void AddAttempt(ResiliencePipelineBuilder<HttpResponseMessage> pipeline)
    {
        Silence(pipeline);
        pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Name = "attempt", Timeout = options.Value.AttemptTimeout });
    }

    /// <summary>Turns off Polly's own logging, which adds a stack trace to each event; one log line per retry is enough.</summary>
    private static void Silence(ResiliencePipelineBuilder<HttpResponseMessage> pipeline) =>
        pipeline.ConfigureTelemetry(new TelemetryOptions { LoggerFactory = NullLoggerFactory.Instance });

    private HttpRetryStrategyOptions Retry() => new()
    {
        Name = "retry",
        MaxRetryAttempts = GenesysBackoff.MaxRetries,

        // Polly compares the date in Retry-After with the system clock and sets no upper bound, so GenesysCallContext computes the delay instead.
        ShouldRetryAfterHeader = false,
        ShouldHandle = arguments => ValueTask.FromResult(
            CallOf(arguments.Context).MayRetry(arguments.Outcome.Exception, arguments.AttemptNumber, options.Value.MaxRetryAfter, Random.Shared.NextDouble())),
        DelayGenerator = retry => ValueTask.FromResult<TimeSpan?>(CallOf(retry.Context).Pause),
        OnRetry = retry =>
        {
            CallOf(retry.Context).MarkRetried(retry.Outcome.Exception);
            return RecordRetry(retry);
        },
    };

    private HttpRetryStrategyOptions Replay() => new()
    {
        Name = "replay",
        MaxRetryAttempts = 1,
        ShouldRetryAfterHeader = false,
        ShouldHandle = arguments => ValueTask.FromResult(CallOf(arguments.Context).MayReplay(arguments.Outcome.Exception)),
        DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(TimeSpan.Zero),
        OnRetry = retry =>
        {
            CallOf(retry.Context).MarkReplayed();
            return RecordRetry(retry);
        },
    };

    // Only unavailability and timeouts that can be retried open the breaker. A 429 does not mean that Genesys is unhealthy. The request causes other 4xx
    // statuses, and the caller causes cancellations.
    private HttpCircuitBreakerStrategyOptions Breaker() => new()
    {
        Name = "breaker",
        FailureRatio = 0.5,
        MinimumThroughput = 10,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(15),
        StateProvider = _breaker,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is GenesysException
        {
            Failure.Kind: GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout,
            Retry: not RetryKind.Never,
        }),
        OnOpened = arguments =>
        {
            Log.BreakerOpened(logger, arguments.BreakDuration);
            return default;
        },
        OnClosed = _ =>
        {
            Log.BreakerClosed(logger);
            return default;
        },
    };

    private static GenesysCallContext CallOf(ResilienceContext context) => GenesysCallContext.Of(context.GetRequestMessage()!);

    private ValueTask RecordRetry(OnRetryArguments<HttpResponseMessage> retry)
    {
        var failure = ((GenesysException)retry.Outcome.Exception!).Failure;
        metrics.RecordRetry(failure.Kind);
        Log.AttemptRetried(logger, failure.Kind, failure.Status, failure.CorrelationId, CallOf(retry.Context).Attempts, retry.RetryDelay);
        return default;
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "Genesys request failed with {Kind} (status {Status}, correlation id {CorrelationId}); attempt {Attempt} was retried after {Pause}")]
        public static partial void AttemptRetried(
            ILogger logger, GenesysFailureKind kind, int? status, string? correlationId, int attempt, TimeSpan pause);

        [LoggerMessage(1002, LogLevel.Error, "Circuit breaker opened for {BreakDuration} after repeated Genesys failures")]
        public static partial void BreakerOpened(ILogger logger, TimeSpan breakDuration);

        [LoggerMessage(1003, LogLevel.Information, "Circuit breaker closed; Genesys replied again")]
        public static partial void BreakerClosed(ILogger logger);
    }
}

/// <summary>
/// Acquires the lease of one attempt, outside the attempt timeout. Converts timeouts and broken connections of the attempt into a
/// <see cref="GenesysException"/>, and starts a cooldown if Genesys requests a long one.
/// </summary>
internal sealed partial class RateLimitHandler(
    AccessTokenProvider tokens, GenesysRateLimiter rateLimiter, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<RateLimitHandler> logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysCallContext.Of(request);
        tokens.ThrowIfUnavailable();
        if (call.Origin.Calls is { } calls && !calls.TryTake())
        {
            throw GenesysExceptionFactory.CallsUsedUp(calls.Limit, calls.Cause);
        }

        using var lease = await AcquireLeaseAsync(call, cancellationToken);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            rateLimiter.RecordReply(lease);
            return response;
        }
        catch (GenesysException exception) when (IsLongCooldown(exception))
        {
            rateLimiter.BeginCooldown(exception.Failure.Kind, exception.Failure.RetryAfter!.Value);
            Log.CooldownStarted(logger, exception.Failure.RetryAfter.Value, exception.Failure.CorrelationId);
            throw;
        }
        catch (TimeoutRejectedException)
        {
            throw GenesysExceptionFactory.AttemptTimedOut(options.Value.AttemptTimeout);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw GenesysExceptionFactory.NotReached(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the caller nor the pipeline has canceled the request, so the connection timed out.
            throw GenesysExceptionFactory.NotReached(exception);
        }
    }

    private async Task<RateLimitLease> AcquireLeaseAsync(GenesysCallContext call, CancellationToken cancellationToken)
    {
        using var span = GenesysTracing.Permit();
        var started = clock.GetTimestamp();
        call.IsWaitingForLease = true;
        try
        {
            var lease = await rateLimiter.AcquireAsync(call.Origin, call.RemainingTime, cancellationToken);
            call.IsWaitingForLease = false;
            return lease;
        }
        catch (Exception exception)
        {
            span.SetError(exception);
            throw;
        }
        finally
        {
            metrics.RecordWait(clock.GetElapsedTime(started));
        }
    }

    // During a long cooldown, Genesys would reject every other request too. Failed logins are excluded, because LoginFailureCache handles the pause after them.
    private bool IsLongCooldown(GenesysException exception) =>
        exception.Retry != RetryKind.Never && exception.Failure.Status is 429 or 503
        && exception.Failure.RetryAfter > options.Value.MaxRetryAfter;

    private static partial class Log
    {
        [LoggerMessage(1004, LogLevel.Error, "Genesys requested a cooldown of {Pause} (correlation id {CorrelationId}); one probe per minute is sent until it ends")]
        public static partial void CooldownStarted(ILogger logger, TimeSpan pause, string? correlationId);
    }
}
