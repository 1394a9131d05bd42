using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Holds the newest state. Reads the state again when a caller needs a newer one and, as long as there are readers, whenever it is due.</summary>
internal sealed partial class LiveState(
    SharedLiveReader reader, IOptions<ObservationsOptions> options, TimeProvider clock, ILogger<LiveState> logger) : ILiveState, IDisposable
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(100);

    /// <summary>After a failed read, the next read starts no earlier than after this pause, so that not every caller causes another Genesys request.</summary>
    private static readonly TimeSpan MinFailurePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxFailurePause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveSnapshot? _latest;
    private (GenesysException Failure, Instant Until)? _failed;
    private InFlightLiveRead? _inFlight;
    private long _version;
    private int _readers;
    private Task? _polling;
    private bool _isDisposed;

    /// <summary>The newest state; null until a state has been read or received.</summary>
    public LiveSnapshot? Latest => Volatile.Read(ref _latest);

    /// <summary>The number of readers for which the state is kept fresh.</summary>
    public int Readers => Volatile.Read(ref _readers);

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    public async Task<LiveSnapshot> GetAsync(Duration maxAge, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var notBefore = Now - maxAge;
        while (true)
        {
            InFlightLiveRead inFlight;
            lock (_gate)
            {
                if (_latest is { } latest && IsFresh(latest, notBefore))
                {
                    return latest;
                }

                if (_inFlight is null && _failed is { } failed && Now < failed.Until)
                {
                    return StaleOr(failed.Failure);
                }

                inFlight = _inFlight ??= new InFlightLiveRead(notBefore, Now, started => ReadAsync(started, origin));
            }

            inFlight.PromoteFor(origin);
            try
            {
                var read = await inFlight.Completion.WaitAsync(cancellationToken);

                // A read that began before this call can return a state that is too old for this call.
                if (read.AsOf >= notBefore || inFlight.StartedAt >= notBefore)
                {
                    return read;
                }
            }
            catch (GenesysException failure)
            {
                lock (_gate)
                {
                    return StaleOr(failure);
                }
            }
        }
    }

    public async IAsyncEnumerable<LiveSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            long? seenVersion = null;
            while (true)
            {
                LiveSnapshot? latest;
                Task changed;
                lock (_gate)
                {
                    (latest, changed) = (_latest, _changed.Task);
                }

                if (latest is not null && latest.Version != seenVersion)
                {
                    seenVersion = latest.Version;
                    yield return latest;
                    continue;
                }

                await changed.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    /// <summary>Makes this state the newest state, unless a newer state is known.</summary>
    /// <returns>The newest state.</returns>
    public LiveSnapshot Publish(LiveSnapshot state)
    {
        lock (_gate)
        {
            // If the known state is in the future, it was read before this machine's clock was set back.
            if (_latest is { } latest && latest.AsOf > state.AsOf && latest.AsOf <= Now)
            {
                return latest;
            }

            return SetLatest(state);
        }
    }

    public void Dispose()
    {
        // The container disposes this instance once for each of its registrations.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _stopping.Cancel();
        _stopping.Dispose();
    }

    private LiveSnapshot SetLatest(LiveSnapshot state)
    {
        _latest = state with { Version = ++_version };
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
        return _latest;
    }

    private bool IsFresh(LiveSnapshot state, Instant notBefore) => state.StaleReason is null && state.AsOf >= notBefore && state.AsOf <= Now;

    /// <summary>Returns the last state, labeled stale, if it is recent enough to be returned instead of a new state.</summary>
    /// <exception cref="GenesysException">There is no state, or the last state is too old.</exception>
    private LiveSnapshot StaleOr(GenesysException failure)
    {
        if (_latest is not { } latest || Now - latest.AsOf > Duration.FromTimeSpan(options.Value.MaxStaleAge))
        {
            throw new GenesysException(failure.Failure, failure.Calls, failure);
        }

        return latest.StaleReason == failure.Failure.Message ? latest : SetLatest(latest with { StaleReason = failure.Failure.Message });
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (Interlocked.Increment(ref _readers) == 1 && _polling is not { IsCompleted: false })
            {
                _polling = PollAsync().ObserveFault();
            }
        }
    }

    /// <summary>Keeps the state fresh until there are no more readers.</summary>
    private async Task PollAsync()
    {
        await Task.Yield();
        var stopping = _stopping.Token;
        while (!stopping.IsCancellationRequested)
        {
            lock (_gate)
            {
                if (Readers == 0)
                {
                    // Reset under the lock, so that the next reader starts another loop.
                    _polling = null;
                    return;
                }
            }

            var pause = options.Value.MaxAge;
            try
            {
                var state = await GetAsync(Duration.FromTimeSpan(options.Value.MaxAge), RequestOrigin.Service, stopping);
                pause = state.StaleReason is null ? (state.AsOf + Duration.FromTimeSpan(options.Value.MaxAge) - Now).ToTimeSpan() : MinFailurePause;
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                // The next read might succeed. An exception would end this loop, and current readers would get no newer states.
                Log.PollFailed(logger, failure is GenesysException ? null : failure, failure.Message);
                pause = MinFailurePause;
            }

            // The timer fires one millisecond late, so that the state is certainly due by then.
            var delay = TimeSpan.FromTicks(Math.Clamp(pause.Ticks, MinPause.Ticks, options.Value.MaxAge.Ticks)) + TimeSpan.FromMilliseconds(1);
            await Task.Delay(delay, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<LiveSnapshot> ReadAsync(InFlightLiveRead inFlight, RequestOrigin origin)
    {
        try
        {
            var read = await reader.ReadAsync(shared => IsFresh(shared, inFlight.NotBefore), origin with { Awaited = inFlight.Awaited }, _stopping.Token);
            lock (_gate)
            {
                _failed = null;
                return Publish(read);
            }
        }
        catch (GenesysException failure)
        {
            var pause = failure.Failure.RetryAfter ?? TimeSpan.Zero;
            lock (_gate)
            {
                _failed = (failure, Now + Duration.FromTicks(Math.Clamp(pause.Ticks, MinFailurePause.Ticks, MaxFailurePause.Ticks)));
            }

            Log.ReadFailed(logger, failure.Message);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _inFlight = null;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9003, LogLevel.Warning, "The state of the queues could not be read: {Reason}")]
        public static partial void ReadFailed(ILogger logger, string reason);

        [LoggerMessage(9004, LogLevel.Debug, "The state of the queues could not be kept fresh: {Reason}")]
        public static partial void PollFailed(ILogger logger, Exception? unexpected, string reason);
    }
}
