using NodaTime;

namespace GenesysSimulator.World.Agents;

/// <summary>
/// The agents of the organization. Core agents ensure that an agent is at work whenever a queue is open. The other agents are distributed by workload, and
/// some of these agents have left.
/// </summary>
internal sealed class Roster
{
    private const int MaxQueues = 5;

    /// <summary>The default number of agents per queue.</summary>
    private const int PerQueue = 10;

    // The margin is longer than any session, so an agent's last sessions end before the agent leaves.
    private const long Margin = 12 * WorldHour.Milliseconds;

    private readonly List<SimulatedAgent> _agents = [];
    private readonly List<long> _noSessionsFrom = [];
    private readonly IReadOnlyList<IReadOnlyList<StaffedQueue>> _queuesByWorkType;
    private readonly ulong _seed;
    private readonly ZonedDateTime _now;
    private readonly AgentNames _names;
    private SeededRandom _random;

    /// <param name="count">
    /// The number of agents in the user list; null for the default. The roster contains more agents if the queues require more core agents.
    /// </param>
    public Roster(IReadOnlyList<StaffedQueue> queues, int? count, ulong seed, ZonedDateTime now)
    {
        (_seed, _now, Clock) = (seed, now, new ShiftClock(now.Zone));
        (_names, _random) = (new AgentNames(SeededRandom.Mix(seed, 0x6E616D6573)), new SeededRandom(SeededRandom.Mix(seed, 0x726F73746572)));
        _queuesByWorkType =
        [
            .. queues.GroupBy(queue => queue.WorkType).OrderBy(group => group.Key).Select(group =>
                group.OrderBy(queue => queue.Queue.Division.Name, StringComparer.Ordinal).ThenBy(queue => queue.Queue.WireId, StringComparer.Ordinal).ToList()),
        ];
        AddCore();
        AddOthers(queues, Math.Max(count ?? PerQueue * queues.Count, _agents.Count + 1));
    }

    public IReadOnlyList<SimulatedAgent> Agents => _agents;

    public ShiftClock Clock { get; }

    /// <summary>Returns the time from which the agent starts no more sessions, in milliseconds since 1970.</summary>
    public long NoSessionsFrom(int agent) => _noSessionsFrom[agent];

    public Team TeamOf(SimulatedQueue queue) => new(this, Where(agent => agent.QueueIds.Contains(queue.Id)));

    /// <summary>The agents who take direct calls, which do not pass through a queue.</summary>
    public Team DirectCallTeam() => new(this, Where(agent => agent.TakesDirectCalls));

    private IEnumerable<int> Where(Func<SimulatedAgent, bool> predicate) =>
        Enumerable.Range(0, _agents.Count).Where(index => predicate(_agents[index]));

    private void AddCore()
    {
        foreach (var candidates in _queuesByWorkType)
        {
            foreach (var shift in Enum.GetValues<Shift>())
            {
                foreach (var queues in candidates.Where(queue => queue.Needs(shift)).Chunk(MaxQueues))
                {
                    Add(queues, shift, AgentState.Active, null);
                }
            }
        }
    }

    private void AddOthers(IReadOnlyList<StaffedQueue> queues, int count)
    {
        var total = queues.Sum(queue => queue.Weight);
        var isFirst = true;
        while (_agents.Count < count)
        {
            var hasLeft = isFirst || _random.Chance(70);
            AddOther(total, hasLeft ? AgentState.Inactive : AgentState.Active, hasLeft ? MonthsAgo(_random.Below(6)) : null);
            isFirst = false;
        }

        for (var deleted = 0; deleted <= count / 60; deleted++)
        {
            AddOther(total, AgentState.Deleted, MonthsAgo(1 + _random.Below(9)));
        }
    }

    private void AddOther(int total, AgentState state, DateTimeOffset? leftAt)
    {
        var place = _random.Below(total);
        foreach (var candidates in _queuesByWorkType)
        {
            for (var home = 0; home < candidates.Count; home++)
            {
                if ((place -= candidates[home].Weight) >= 0)
                {
                    continue;
                }

                var queues = Enumerable.Range(home, Math.Min(QueueCount(), candidates.Count)).Select(index => candidates[index % candidates.Count]).ToList();
                Add(queues, ShiftFor(candidates[home]), state, leftAt);
                return;
            }
        }
    }

    private void Add(IReadOnlyList<StaffedQueue> queues, Shift shift, AgentState state, DateTimeOffset? leftAt)
    {
        var id = Identity.Of(_seed, $"agent:{_agents.Count}").ToString();
        _agents.Add(new(id, _names.Next(), state, queues[0].Queue.Division)
        {
            Left = leftAt,
            QueueIds = [.. queues.Select(queue => queue.Queue.Id)],
            WorkType = queues[0].WorkType,
            Shift = shift,
            // The first agent is a core agent, so there is always an agent for direct calls.
            TakesDirectCalls = _random.Chance(120) || _agents.Count == 0,
        });
        _noSessionsFrom.Add(leftAt is { } end ? end.ToUnixTimeMilliseconds() - Margin : long.MaxValue);
    }

    // Agents leave at the end of a month, so that a restart within a month does not change which agent handled which conversation.
    private DateTimeOffset MonthsAgo(int months)
    {
        var first = new LocalDate(_now.Year, _now.Month, 1).PlusMonths(-months);
        return _now.Zone.AtStartOfDay(first).ToDateTimeOffset().ToUniversalTime();
    }

    private int QueueCount() => _random.Below(100) switch
    {
        < 25 => 1,
        < 55 => 2,
        < 80 => 3,
        < 92 => 4,
        _ => MaxQueues,
    };

    private Shift ShiftFor(StaffedQueue home)
    {
        var wanted = _random.Below(100) switch
        {
            < 28 => Shift.Early,
            < 72 => Shift.Day,
            < 90 => Shift.Late,
            < 92 => Shift.NightCrewA,
            < 94 => Shift.NightCrewB,
            < 97 => Shift.WeekendCrewA,
            _ => Shift.WeekendCrewB,
        };
        return home.Needs(wanted) ? wanted : Shift.Day;
    }
}
