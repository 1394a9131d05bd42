using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// One attempt: waits for its permit, which no attempt timeout may cut short, and sees to it that an attempt fails with a
/// <see cref="GenesysException"/> or not at all.
/// </summary>
internal sealed partial class RateLimitHandler(
    AccessTokenProvider tokens, GenesysRateLimiter budget, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<RateLimitHandler> logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysCallContext.Of(request);
        tokens.ThrowIfNone();
        if (call.Asker.Calls is { } calls && !calls.TryTake())
        {
            throw GenesysFailures.CallsUsedUp(calls);
        }

        using var permit = await PermitAsync(call, cancellationToken);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            budget.Reopen(permit);
            return response;
        }
        catch (GenesysException refused) when (IsLongCooldown(refused))
        {
            budget.Close(refused.Failure.Kind, refused.Failure.RetryAfter!.Value);
            Log.GatewayClosed(logger, refused.Failure.RetryAfter.Value, refused.Failure.CorrelationId);
            throw;
        }
        catch (TimeoutRejectedException)
        {
            throw GenesysFailures.AttemptTimedOut(options.Value.AttemptTimeout);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw GenesysFailures.NotReached(broken);
        }
        catch (OperationCanceledException connecting) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the caller nor a timeout of ours: the connection gave up by itself.
            throw GenesysFailures.NotReached(connecting);
        }
    }

    private async Task<RateLimitLease> PermitAsync(GenesysCallContext call, CancellationToken cancellationToken)
    {
        using var waiting = GenesysTracing.Permit();
        var since = clock.GetTimestamp();
        call.IsWaitingForPermit = true;
        try
        {
            var permit = await budget.AcquireAsync(call.Asker, call.RemainingTime, cancellationToken);
            call.IsWaitingForPermit = false;
            return permit;
        }
        catch (Exception failed)
        {
            waiting.Failed(failed);
            throw;
        }
        finally
        {
            metrics.Waited(clock.GetElapsedTime(since));
        }
    }

    // Asking again before then would be refused too, for every caller.
    // A login that failed is never retried here, and has a pause of its own (FailedLogins).
    private bool IsLongCooldown(GenesysException refused) =>
        refused.Retry != RetryPolicy.Never && refused.Failure.Status is 429 or 503
        && refused.Failure.RetryAfter > options.Value.MaxRetryAfter;

    private static partial class Log
    {
        [LoggerMessage(1004, LogLevel.Error, "Genesys asked for a pause of {Pause} (correlation id {CorrelationId}); until then only a probe a minute was let through")]
        public static partial void GatewayClosed(ILogger logger, TimeSpan pause, string? correlationId);
    }
}
