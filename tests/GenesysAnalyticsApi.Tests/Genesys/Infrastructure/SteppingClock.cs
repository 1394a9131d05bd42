using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>
/// A fake clock that can jump to the time at which the next timer is due. A test lets all work settle after each step, so many small steps would be slow.
/// </summary>
internal sealed class SteppingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly HashSet<WatchedTimer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Start(base.CreateTimer(_ => timer.Fire(callback, state), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    /// <summary>Advances to the time at which the next timer is due, or by a second if there is none.</summary>
    public void AdvanceToNextTimer()
    {
        var now = GetUtcNow();
        DateTimeOffset? next;
        lock (_timers)
        {
            next = _timers.Select(timer => timer.Due).Where(due => due > now).Min();
        }

        Advance(next is { } due ? due - now : TimeSpan.FromSeconds(1));
    }

    private sealed class WatchedTimer(SteppingClock clock) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period;

        public DateTimeOffset? Due { get; private set; }

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._timers)
            {
                _period = period;
                Watch(dueTime);
            }

            return _timer!.Change(dueTime, period);
        }

        public void Fire(TimerCallback callback, object? state)
        {
            lock (clock._timers)
            {
                Watch(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (clock._timers)
            {
                clock._timers.Remove(this);
            }

            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Watch(TimeSpan dueTime)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime;
            if (Due is null)
            {
                clock._timers.Remove(this);
            }
            else
            {
                clock._timers.Add(this);
            }
        }
    }
}
