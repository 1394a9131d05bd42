namespace GenesysSimulator.World.Agents;

/// <summary>The kind of work in a queue. All queues of an agent have the same work type.</summary>
internal enum WorkType
{
    Service,
    Digital,
    Sales,
    Internal,
}

/// <summary>A queue to which agents are assigned, with the traffic of the queue.</summary>
internal sealed record StaffedQueue(SimulatedQueue Queue, QueueKind Kind, IReadOnlyList<TrafficProfile> Traffic)
{
    public WorkType WorkType => Kind switch
    {
        QueueKind.Email or QueueKind.Messaging or QueueKind.Chat => WorkType.Digital,
        QueueKind.Outbound => WorkType.Sales,
        QueueKind.Internal => WorkType.Internal,
        _ => WorkType.Service,
    };

    /// <summary>The workload of the busiest hour, which determines the number of agents.</summary>
    public int Weight => 1 + (int)Traffic.Sum(traffic =>
        (long)(traffic.Inbound + traffic.Outbound) * (traffic.Profile.Talk + traffic.Profile.AfterCallWork) * traffic.Pace / 100_000_000);

    /// <summary>
    /// Whether the queue needs agents in this shift. A queue needs night shifts if it is always open, weekend shifts unless it is a campaign, and all
    /// other shifts in any case.
    /// </summary>
    public bool Needs(Shift shift) => shift switch
    {
        Shift.NightCrewA or Shift.NightCrewB => Traffic.Any(traffic => traffic.Opening == OpeningHours.Always),
        Shift.WeekendCrewA or Shift.WeekendCrewB => Traffic.Any(traffic => traffic.Opening != OpeningHours.Campaign),
        _ => true,
    };
}
