using GenesysAnalyticsApi.Genesys.Failures;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Telemetry;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// The pipeline around every call. All of it is in the handler chain of the client "genesys":
/// <code>
///   deadline        Genesys:TotalTimeout, retries and waiting included     ┐
///   retry           time-outs once; others with a growing, jittered pause  │ AddCall
///   replay          after a 401, once, at once                             │
///   breaker         counts what says that Genesys is ill                   ┘
///   budget          GenesysAttemptHandler: one permit for each attempt; exceptions become failures
///   attempt timeout Genesys:AttemptTimeout, reading the body included        AddAttempt
///   authentication  GenesysAuthenticationHandler: the token
///   answer          GenesysAnswerHandler: sends, reads the answer, or makes its failure
/// </code>
/// The answer is read inside the chain, not by who called, so that a body that is cut off is retried and one that stalls times out.
/// The aggregates query is a POST that only reads: every call here is safe to repeat.
/// </summary>
internal sealed partial class GenesysResilience(GenesysTelemetry metrics, IOptions<GenesysOptions> options, ILogger<GenesysResilience> logger)
{
    private readonly CircuitBreakerStateProvider _breaker = new();

    /// <summary>False while Genesys is left alone: no time to ask it for more, smaller pieces.</summary>
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

    /// <summary>Polly would log each event with a stack trace; one line of ours per retry says all there is to know.</summary>
    private static void Silence(ResiliencePipelineBuilder<HttpResponseMessage> pipeline) =>
        pipeline.ConfigureTelemetry(new TelemetryOptions { LoggerFactory = NullLoggerFactory.Instance });

    private HttpRetryStrategyOptions Retry() => new()
    {
        Name = "retry",
        MaxRetryAttempts = GenesysCallContext.MaxRetries,

        // Polly reads a date on the system's clock and knows no upper bound; GenesysCall does both our way.
        ShouldRetryAfterHeader = false,
        ShouldHandle = failed => ValueTask.FromResult(
            CallOf(failed.Context).MayRetry(failed.Outcome.Exception, failed.AttemptNumber, options.Value.MaxRetryAfter, Random.Shared.NextDouble())),
        DelayGenerator = retry => ValueTask.FromResult<TimeSpan?>(CallOf(retry.Context).Pause),
        OnRetry = retry =>
        {
            CallOf(retry.Context).Retries(retry.Outcome.Exception);
            return Logged(retry);
        },
    };

    private HttpRetryStrategyOptions Replay() => new()
    {
        Name = "replay",
        MaxRetryAttempts = 1,
        ShouldRetryAfterHeader = false,
        ShouldHandle = failed => ValueTask.FromResult(CallOf(failed.Context).MayReplay(failed.Outcome.Exception)),
        DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(TimeSpan.Zero),
        OnRetry = retry =>
        {
            CallOf(retry.Context).Replays();
            return Logged(retry);
        },
    };

    // A 429 says nothing about the health of Genesys, a 4xx speaks of us, a cancellation of the caller: none of them counts.
    private HttpCircuitBreakerStrategyOptions Breaker() => new()
    {
        Name = "breaker",
        FailureRatio = 0.5,
        MinimumThroughput = 10,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(15),
        StateProvider = _breaker,
        ShouldHandle = failed => ValueTask.FromResult(failed.Outcome.Exception is GenesysException
        {
            Failure.Kind: GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout,
            Retry: not RetryPolicy.Never,
        }),
        OnOpened = opened =>
        {
            Log.BreakerOpened(logger, opened.BreakDuration);
            return default;
        },
        OnClosed = _ =>
        {
            Log.BreakerClosed(logger);
            return default;
        },
    };

    private static GenesysCallContext CallOf(ResilienceContext context) => GenesysCallContext.Of(context.GetRequestMessage()!);

    private ValueTask Logged(OnRetryArguments<HttpResponseMessage> retry)
    {
        var failure = ((GenesysException)retry.Outcome.Exception!).Failure;
        metrics.Retried(failure.Kind);
        Log.AttemptRetried(logger, failure.Kind, failure.Status, failure.CorrelationId, CallOf(retry.Context).Attempts, retry.RetryDelay);
        return default;
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "Genesys failed with {Kind} (status {Status}, correlation id {CorrelationId}); attempt {Attempt} was repeated after {Pause}")]
        public static partial void AttemptRetried(
            ILogger logger, GenesysFailureKind kind, int? status, string? correlationId, int attempt, TimeSpan pause);

        [LoggerMessage(1002, LogLevel.Error, "Genesys failed repeatedly and was left alone for {BreakDuration}")]
        public static partial void BreakerOpened(ILogger logger, TimeSpan breakDuration);

        [LoggerMessage(1003, LogLevel.Information, "Genesys answered again")]
        public static partial void BreakerClosed(ILogger logger);
    }
}

/// <summary>How long to wait before an attempt is repeated. Pure: the random part is handed in, 0–1.</summary>
internal static class GenesysBackoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    // What Genesys' own SDKs wait after a 429 that does not say how long.
    private static readonly TimeSpan FirstWhenLimited = TimeSpan.FromSeconds(3);

    /// <param name="retry">0 for the first retry.</param>
    public static TimeSpan Delay(GenesysFailure failure, int retry, double random)
    {
        // Those who were refused together would wake together and be refused again: a tenth of spread, never earlier than told.
        if (failure.RetryAfter is { } told && told > TimeSpan.Zero)
        {
            return told + (told * 0.1 * random);
        }

        var first = failure.Kind == GenesysFailureKind.RateLimited ? FirstWhenLimited : First;
        var step = first * Math.Pow(2, Math.Min(retry, 10));
        return (step < Longest ? step : Longest) * (0.5 + (0.5 * random));
    }
}
