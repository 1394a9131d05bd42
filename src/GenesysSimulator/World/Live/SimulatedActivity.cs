namespace GenesysSimulator.World.Live;

/// <summary>The waiting, alerting and interacting conversations of a queue and media type at an instant.</summary>
public sealed record SimulatedActivity(Guid QueueId, string MediaType)
{
    public int Waiting { get; init; }

    public int Alerting { get; init; }

    public int Interacting { get; init; }

    public DateTimeOffset? LongestWaitingSince { get; init; }

    public DateTimeOffset? LongestInteractingSince { get; init; }

    /// <summary>Returns the activity of all queues and media types that have such conversations.</summary>
    internal static IEnumerable<SimulatedActivity> Of(LiveState state) =>
        from session in state.Sessions
        where session.Stream.Queue is not null && session.Interval.Activity != LiveActivity.Working
        group session.Interval by session.Stream into intervals
        let waiting = intervals.Where(interval => interval.Activity == LiveActivity.Waiting).ToList()
        let interacting = intervals.Where(interval => interval.Activity == LiveActivity.Interacting).ToList()
        select new SimulatedActivity(intervals.Key.Queue!.Id, intervals.Key.Profile.Media)
        {
            Waiting = waiting.Count,
            Alerting = intervals.Count(interval => interval.Activity == LiveActivity.Alerting),
            Interacting = interacting.Count,
            LongestWaitingSince = OldestOf(waiting),
            LongestInteractingSince = OldestOf(interacting),
        };

    private static DateTimeOffset? OldestOf(List<LiveInterval> intervals) =>
        intervals.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(intervals.Min(interval => interval.Start));
}

/// <summary>The users of a listed queue at an instant.</summary>
public sealed record SimulatedUsers(Guid QueueId)
{
    public int Members { get; init; }

    public int Active { get; init; }

    public int OnQueue { get; init; }

    /// <summary>The number of users by system presence.</summary>
    public required IReadOnlyDictionary<string, int> ByPresence { get; init; }

    public required IReadOnlyDictionary<string, int> ByRoutingStatus { get; init; }

    internal static SimulatedUsers Of(SimulatedQueue queue, UserStates users)
    {
        List<int> members = [.. users.MembersOf(queue)];
        return new(queue.Id)
        {
            Members = members.Count,
            Active = members.Count(agent => users.IsActiveMember(agent, queue)),
            OnQueue = members.Count(agent => users[agent].IsOnQueue),
            ByPresence = members.CountBy(agent => users[agent].Presence.SystemPresence).ToDictionary(StringComparer.Ordinal),
            ByRoutingStatus = members.CountBy(agent => users[agent].RoutingStatus).ToDictionary(StringComparer.Ordinal),
        };
    }
}
