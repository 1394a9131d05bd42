using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>How Genesys has been doing, by the calls that were made anyway: nobody asks it just to know.</summary>
internal sealed class GenesysStatus(TimeProvider clock)
{
    /// <summary>So many calls in a row without an answer, each after its own retries, are no accident any more.</summary>
    private const int Down = 3;

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset? _since;
    private string? _reason;

    /// <summary>
    /// Calls that failed in a row, since when they do, and what the last of them said; a question that Genesys refuses or finds too large
    /// was answered.
    /// </summary>
    public (bool IsFailing, bool IsDown, DateTimeOffset? Since, string? Reason) State
    {
        get
        {
            lock (_gate)
            {
                return (_failures > 0, _failures >= Down, _since, _reason);
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            (_failures, _since, _reason) = (0, _failures > 0 ? clock.GetUtcNow() : _since, null);
        }
    }

    public void Failed(GenesysFailure failure)
    {
        if (failure.Kind is GenesysFailureKind.Rejected or GenesysFailureKind.TooLarge)
        {
            return;
        }

        lock (_gate)
        {
            _since = _failures++ == 0 ? clock.GetUtcNow() : _since;
            _reason = failure.Message;
        }
    }
}

/// <summary>How far the clock of this machine is from that of Genesys, by the dates of its answers, logins included.</summary>
internal sealed class GenesysClock
{
    // The header counts whole seconds; on average half of one has passed since.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ClockOffset _offset = new();
    private volatile ClockReading? _latest;

    /// <summary>The last answer alone. Null until an answer had a date.</summary>
    public ClockReading? Latest => _latest;

    /// <inheritdoc cref="ClockOffset.Ahead"/>
    public TimeSpan? Ahead => _offset.Ahead;

    /// <param name="date">The answer's <c>Date</c>. It was written somewhere between sending and receiving: taken to be half-way.</param>
    public void Observe(DateTimeOffset? date, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (date is { } theirs)
        {
            _latest = new ClockReading(sentAt + ((receivedAt - sentAt) / 2) - (theirs + (Second / 2)), receivedAt);
            _offset.Observe(theirs, theirs + Second, sentAt, receivedAt);
        }
    }
}

/// <param name="Ahead">Of Genesys' clock; negative where ours is behind.</param>
internal sealed record ClockReading(TimeSpan Ahead, DateTimeOffset ReadAt);

/// <summary>How Genesys, the budget and the token are at the moment somebody looks.</summary>
internal sealed class GenesysGauges : IGauges
{
    public GenesysGauges(
        ServiceMeter meter, GenesysRateLimiter budget, GenesysStatus health, GenesysResilience resilience, AccessTokenProvider tokens, TimeProvider clock)
    {
        meter.Gauge("upstream.up", null, "1 while Genesys answers, 0 after three calls in a row without an answer.", () => health.State.IsDown ? 0 : 1);
        meter.Gauge("upstream.breaker.open", null, "1 while Genesys is left alone after failing repeatedly.", () => resilience.IsBreakerClosed ? 0 : 1);
        meter.Gauge("upstream.pause", "s", "What is left of a pause that Genesys has asked for.", () => budget.Pause.TotalSeconds);
        meter.Gauge("budget.used", null, "Requests of the last minute, of all replicas and of whoever else uses the client.", () => budget.State.Used);
        meter.Gauge("budget.allowed", null, "Requests that there may be a minute.", () => budget.State.Allowed);
        meter.Gauge("budget.waiting", null, "Attempts that wait for a permit.", () => budget.Waiting);
        meter.Gauge("token.life", "s", "Until the access token of Genesys expires; 0 while there is none.", () => Math.Max(0, (tokens.ExpiresAt - clock.GetUtcNow())?.TotalSeconds ?? 0));
    }
}
