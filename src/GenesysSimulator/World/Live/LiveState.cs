using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Live;

/// <summary>The open sessions and the states of the users at an instant. Immutable.</summary>
internal sealed class LiveState
{
    private readonly Lazy<UserStates> _users;

    public LiveState(SimulatedWorld world, long now, IEnumerable<(ConversationStream Stream, LiveSlice Slice)> slices)
    {
        Now = now;
        var (open, ended) = (new List<LiveSession>(), new List<LiveSession>());
        foreach (var (stream, slice) in slices)
        {
            foreach (ref readonly var interval in slice.Intervals.AsSpan())
            {
                if (interval.Contains(now))
                {
                    open.Add(new(stream, interval));
                }
                else if (interval.IsUnanswered && interval.End <= now && interval.End + UserStates.EndedWithin > now)
                {
                    ended.Add(new(stream, interval));
                }
            }
        }

        Sessions = open;
        _users = new(() => new UserStates(world, now, open, ended));
    }

    /// <summary>The instant, in milliseconds since 1970.</summary>
    public long Now { get; }

    /// <summary>The open sessions, including those without a queue, in no particular order.</summary>
    public IReadOnlyList<LiveSession> Sessions { get; }

    public UserStates Users => _users.Value;
}
