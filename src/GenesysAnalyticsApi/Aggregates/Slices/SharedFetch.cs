using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>The result of a fetch: a slice, or the failure that all waiting queries share.</summary>
internal sealed record FetchResult(CachedSlice? Slice, GenesysFailure? Failure, int Calls);

/// <summary>A fetch in progress that several queries wait for. It is cancelled when the last of them leaves.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and no handle, and the last query may still be cancelling it when the fetch ends.")]
internal sealed class SharedFetch
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private int _waiting = 1;
    private bool _ended;

    /// <summary>Starts the fetch. The query that starts it counts as waiting and must call <see cref="Leave"/>.</summary>
    public SharedFetch(Instant startedAt, Func<SharedFetch, Task<FetchResult>> fetch)
    {
        StartedAt = startedAt;
        Completion = Task.Run(() => fetch(this));
    }

    public Instant StartedAt { get; }

    public Task<FetchResult> Completion { get; }

    /// <summary>The span of the fetch, below the request that started it.</summary>
    public Activity? Trace { get; set; }

    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Whether the fetch has completed or was cancelled, so that no query can join it.</summary>
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

    /// <summary>False if the fetch has ended.</summary>
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

    /// <summary>Cancels the fetch although queries wait, because the service stops.</summary>
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
