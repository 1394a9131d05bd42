using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// Acquires the lease of one attempt, outside the attempt timeout, and converts every failure of the attempt into a
/// <see cref="GenesysException"/>.
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
            throw GenesysFailureFactory.CallsUsedUp(calls.Limit, calls.Cause);
        }

        using var lease = await AcquireLeaseAsync(call, cancellationToken);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            rateLimiter.RecordReply(lease);
            return response;
        }
        catch (GenesysException rejected) when (IsLongCooldown(rejected))
        {
            rateLimiter.BeginCooldown(rejected.Failure.Kind, rejected.Failure.RetryAfter!.Value);
            Log.CooldownStarted(logger, rejected.Failure.RetryAfter.Value, rejected.Failure.CorrelationId);
            throw;
        }
        catch (TimeoutRejectedException)
        {
            throw GenesysFailureFactory.AttemptTimedOut(options.Value.AttemptTimeout);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw GenesysFailureFactory.NotReached(broken);
        }
        catch (OperationCanceledException connecting) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the caller nor the pipeline has canceled the request, so the connection timed out.
            throw GenesysFailureFactory.NotReached(connecting);
        }
    }

    private async Task<RateLimitLease> AcquireLeaseAsync(GenesysCallContext call, CancellationToken cancellationToken)
    {
        using var waiting = GenesysTracing.Permit();
        var since = clock.GetTimestamp();
        call.IsWaitingForLease = true;
        try
        {
            var lease = await rateLimiter.AcquireAsync(call.Origin, call.RemainingTime, cancellationToken);
            call.IsWaitingForLease = false;
            return lease;
        }
        catch (Exception failed)
        {
            waiting.SetError(failed);
            throw;
        }
        finally
        {
            metrics.RecordWait(clock.GetElapsedTime(since));
        }
    }

    // During a long cooldown Genesys would reject every other request too. Failed logins are excluded, because LoginFailureCache handles their pause.
    private bool IsLongCooldown(GenesysException rejected) =>
        rejected.Retry != RetryKind.Never && rejected.Failure.Status is 429 or 503
        && rejected.Failure.RetryAfter > options.Value.MaxRetryAfter;

    private static partial class Log
    {
        [LoggerMessage(1004, LogLevel.Error, "Genesys requested a cooldown of {Pause} (correlation id {CorrelationId}); one probe per minute is sent until it ends")]
        public static partial void CooldownStarted(ILogger logger, TimeSpan pause, string? correlationId);
    }
}
