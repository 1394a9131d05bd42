namespace GenesysSimulator.World.Agents;

/// <summary>Related kinds of queues. An agent works in queues of one line only.</summary>
internal enum LineOfWork
{
    Service,
    Writing,
    Sales,
    Internal,
}

/// <summary>A queue as a skill: what an agent can be assigned to.</summary>
internal sealed record Skill(SimulatedQueue Queue, QueueKind Kind, IReadOnlyList<TrafficProfile> Traffic)
{
    public LineOfWork Work => Kind switch
    {
        QueueKind.Email or QueueKind.Messaging or QueueKind.Chat => LineOfWork.Writing,
        QueueKind.Outbound => LineOfWork.Sales,
        QueueKind.Internal => LineOfWork.Internal,
        _ => LineOfWork.Service,
    };

    /// <summary>How much work there is in the busiest hour, for the number of agents.</summary>
    public int Weight => 1 + (int)Traffic.Sum(traffic =>
        (long)(traffic.Inbound + traffic.Outbound) * (traffic.Profile.Talk + traffic.Profile.AfterCallWork) * traffic.Pace / 100_000_000);

    /// <summary>Whether the queue is open in hours that only this shift covers.</summary>
    public bool Needs(Shift shift) => shift switch
    {
        Shift.FirstNight or Shift.SecondNight => Traffic.Any(traffic => traffic.Opening == OpeningHours.Always),
        Shift.FirstWeekend or Shift.SecondWeekend => Traffic.Any(traffic => traffic.Opening != OpeningHours.Campaign),
        _ => true,
    };
}
