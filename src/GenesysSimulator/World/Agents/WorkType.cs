namespace GenesysSimulator.World.Agents;

/// <summary>Related kinds of queues. An agent works in queues of one line only.</summary>
internal enum LineOfWork
{
    Service,
    Writing,
    Sales,
    Internal,
}

/// <summary>A queue that agents are assigned to, with its traffic.</summary>
internal sealed record StaffedQueue(SimulatedQueue Queue, QueueKind Kind, IReadOnlyList<TrafficProfile> Traffic)
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

    /// <summary>
    /// Whether the queue needs agents in this shift: in night shifts if it is always open, in weekend shifts unless it is a campaign, in the others always.
    /// </summary>
    public bool Needs(Shift shift) => shift switch
    {
        Shift.NightCrewA or Shift.NightCrewB => Traffic.Any(traffic => traffic.Opening == OpeningHours.Always),
        Shift.WeekendCrewA or Shift.WeekendCrewB => Traffic.Any(traffic => traffic.Opening != OpeningHours.Campaign),
        _ => true,
    };
}
