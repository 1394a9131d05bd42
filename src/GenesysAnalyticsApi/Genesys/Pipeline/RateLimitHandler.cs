using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

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
            throw GenesysFailureFactory.CallsUsedUp(calls.Limit, calls.Cause);
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
            throw GenesysFailureFactory.AttemptTimedOut(options.Value.AttemptTimeout);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw GenesysFailureFactory.NotReached(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the caller nor the pipeline has canceled the request, so the connection timed out.
            throw GenesysFailureFactory.NotReached(exception);
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
