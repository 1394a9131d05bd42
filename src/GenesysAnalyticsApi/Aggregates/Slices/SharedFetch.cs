using System.Diagnostics.CodeAnalysis;
using System.Diagnostics;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>What a flight brings home: a slice, or the failure that all who waited for it share.</summary>
internal sealed record FetchResult(CachedSlice? Slice, GenesysFailure? Failure, int Calls);

/// <summary>
/// A running fetch. Each question that waits for it may leave; when the last one has left, the flight is cancelled.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Its source has no timer and no handle, and the question that leaves last may still be cancelling when the flight ends.")]
internal sealed class SharedFetch
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private int _waiting = 1;
    private bool _ended;

    /// <summary>Starts it. Who does so waits for it already, and has to leave like everybody else.</summary>
    public SharedFetch(Instant startedAt, Func<SharedFetch, Task<FetchResult>> fly)
    {
        StartedAt = startedAt;
        Completion = Task.Run(() => fly(this));
    }

    public Instant StartedAt { get; }

    public Task<FetchResult> Completion { get; }

    /// <summary>Where it is shown in the trace of who started it.</summary>
    public Activity? Trace { get; set; }

    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>It has landed or was given up: its outcome is not to be had any more.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>False when the flight has ended.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            _waiting += _ended ? 0 : 1;
            return !_ended;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_waiting > 0 || _ended)
            {
                return;
            }

            _ended = true;
        }

        _abandoned.Cancel();
    }

    /// <summary>Cancels it although questions wait: the service stops.</summary>
    public void Cancel()
    {
        End();
        _abandoned.Cancel();
    }

    public void End()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }
}
