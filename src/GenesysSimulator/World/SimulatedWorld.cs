using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Live;
using GenesysSimulator.World.Records;
using GenesysSimulator.World.WrapUps;
using NodaTime;

namespace GenesysSimulator.World;

/// <summary>
/// A contact center that depends only on the settings, which contain the seed, and on the start time. Conversations are not stored: they are generated whenever
/// their hour is queried. Tests can query the same data through this class, without HTTP.
/// </summary>
public sealed class SimulatedWorld
{
    /// <summary>Selects the events without a value for a dimension. Null selects all events.</summary>
    public const string Without = "";

    private readonly SimulatorSettings _settings;
    private readonly Roster _roster;
    private readonly Dictionary<Guid, Team> _teams;
    private readonly ILookup<string, OrganizationPresence> _presences;

    public SimulatedWorld(SimulatorSettings settings, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        Zone = DateTimeZoneProviders.Tzdb[settings.OrganizationTimeZone];
        var seed = SeededRandom.Mix((ulong)settings.Seed, 0x67656E65737973);
        ConversationIds = new ConversationIdentity(seed);
        Divisions = [.. QueueNames.Divisions.Select(name => new SimulatedDivision(Identity.Of(seed, "division:" + name), name))];

        var staffedQueues = QueueNames.Take(Math.Max(0, settings.Queues)).Append(QueueNames.Deleted).Select(plan => StaffedQueueOf(plan, seed, startedAt)).ToList();
        var roster = new Roster(
            staffedQueues, settings.Agents, seed, Instant.FromDateTimeOffset(startedAt).InZone(Zone));
        (Agents, WrapUpCodes) = (roster.Agents, WrapUps.WrapUpCodes.Of(seed, Divisions));
        (_roster, _teams) = (roster, staffedQueues.ToDictionary(staffed => staffed.Queue.Id, staffed => roster.TeamOf(staffed.Queue)));
        Presences = OrganizationPresences.Of(seed);
        _presences = Presences.ToLookup(presence => presence.SystemPresence, StringComparer.Ordinal);
        var queues = new List<SimulatedQueue>();
        var streams = new List<ConversationStream>();
        foreach (var staffed in staffedQueues)
        {
            var team = _teams[staffed.Queue.Id];
            var queue = staffed.Queue with { Members = team.Members.Count(agent => Agents[agent].State == AgentState.Active) };
            var queueSeed = SeedOf(queue.Division.Name, queue.Name, seed);
            var wrapUps = new WrapUpChoice(WrapUpCodes, staffed.Kind, new SeededRandom(SeededRandom.Mix(queueSeed, 0x77726170)));
            queues.Add(queue);
            streams.AddRange(staffed.Traffic.Select((traffic, index) =>
                new ConversationStream(queue, queue.Division.Id, traffic, team, wrapUps, SeededRandom.Mix(queueSeed, (ulong)index + 1))));
        }

        var (direct, codes) = (roster.DirectCallTeam(), new WrapUpChoice(WrapUpCodes, QueueKind.Voice, new SeededRandom(seed)));
        streams.AddRange(QueueTraffic.WithoutQueue.Select((traffic, index) =>
            new ConversationStream(null, Divisions[0].Id, Scaled(traffic), direct, codes, SeededRandom.Mix(seed, (ulong)index + 77))));
        (Queues, Streams) = (queues, streams);
        Live = new LiveTimeline(this);
    }

    /// <summary>All queues, including the deleted one.</summary>
    public IReadOnlyList<SimulatedQueue> Queues { get; }

    public IReadOnlyList<SimulatedDivision> Divisions { get; }

    /// <summary>All agents, including agents who have left and deleted agents.</summary>
    public IReadOnlyList<SimulatedAgent> Agents { get; }

    /// <summary>All wrap-up codes, including the deleted code and Genesys' own code.</summary>
    public IReadOnlyList<SimulatedWrapUpCode> WrapUpCodes { get; }

    /// <summary>The presences that users can have.</summary>
    public IReadOnlyList<OrganizationPresence> Presences { get; }

    internal DateTimeZone Zone { get; }

    internal LiveTimeline Live { get; }

    internal ConversationIdentity ConversationIds { get; }

    internal RecordBuilder Records => new(this);

    internal IReadOnlyList<ConversationStream> Streams { get; }

    /// <summary>Returns the aggregates of one queue and media type in [from, to) as of <paramref name="now"/>, by metric name.</summary>
    /// <param name="atMost">Only events with at most this value, like the events that a view counts.</param>
    /// <param name="userId">Only events of this agent; with <see cref="Without"/>, only events without an agent.</param>
    /// <param name="wrapUpCode">Only events of sessions with this code; with <see cref="Without"/>, only events of sessions without a code.</param>
    public IReadOnlyDictionary<string, SimulatedFigure> Figures(
        Guid? queueId,
        string mediaType,
        DateTimeOffset from,
        DateTimeOffset to,
        DateTimeOffset now,
        long atMost = long.MaxValue,
        string? userId = null,
        string? wrapUpCode = null)
    {
        var (start, end) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        return WorldFigures.Of(this, queueId, mediaType, start, end, SnapshotAt(now), new(atMost, userId, wrapUpCode));
    }

    /// <summary>Returns the conversations with activity in [from, to) as of <paramref name="now"/>, in no particular order.</summary>
    public IReadOnlyList<SimulatedConversation> Conversations(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var (start, end, snapshot) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), SnapshotAt(now));
        var (found, events) = (new List<SimulatedConversation>(), new MetricEvents());
        for (var index = 0; index < Streams.Count; index++)
        {
            var collector = new ConversationCollector(this, Streams[index], index, start, end, snapshot.Now, found);
            var first = start - ((Streams[index].Profile.LookbackHours + 1) * WorldHour.Milliseconds);
            foreach (var hour in WorldHour.Between(first, Math.Min(end, snapshot.Now + 1) + PreQueuePhase.MaxMilliseconds, Zone))
            {
                Streams[index].VisitHour(hour, snapshot, events, ref collector);
            }
        }

        return found;
    }

    /// <summary>Returns the waiting, alerting and interacting conversations of the queues at an instant.</summary>
    public IReadOnlyList<SimulatedActivity> Activity(DateTimeOffset now) => [.. SimulatedActivity.Of(Live.At(now))];

    /// <summary>Returns the users of the listed queues at an instant.</summary>
    public IReadOnlyList<SimulatedUsers> Users(DateTimeOffset now)
    {
        var users = Live.At(now).Users;
        return [.. Queues.Where(queue => queue.IsListed).Select(queue => SimulatedUsers.Of(queue, users))];
    }

    internal Snapshot SnapshotAt(DateTimeOffset now)
    {
        var hasDrift = _settings.DriftFrom is { } && now >= (_settings.DriftAt ?? DateTimeOffset.MinValue);
        return new(
            now.ToUnixTimeMilliseconds(),
            _settings.LateMutation,
            hasDrift ? _settings.DriftFrom!.Value.ToUnixTimeMilliseconds() : 0,
            hasDrift ? (_settings.DriftTo ?? now).ToUnixTimeMilliseconds() : 0);
    }

    internal Team TeamOf(SimulatedQueue queue) => _teams[queue.Id];

    /// <summary>Whether an instant is within the shift of an agent.</summary>
    internal bool IsAtWork(int agent, long at) => ShiftPlan.IsAtWorkInHour(Agents[agent].Shift, _roster.Clock.HourAt(at));

    /// <summary>
    /// Returns a presence of the organization with the given system presence. For most values of <paramref name="chance"/>, it is the first one.
    /// </summary>
    internal OrganizationPresence Presence(string systemPresence, int chance = 0)
    {
        var presences = _presences[systemPresence];
        return presences.ElementAtOrDefault(chance) ?? presences.First();
    }

    private static ulong SeedOf(string division, string name, ulong seed) => SeededRandom.Mix(seed, Identity.Hash($"{division}/{name}"));

    private StaffedQueue StaffedQueueOf(QueuePlan plan, ulong seed, DateTimeOffset startedAt) => new(
        QueueOf(plan, seed, startedAt),
        plan.Kind,
        [.. QueueTraffic.Of(plan.Kind, new SeededRandom(SeedOf(plan.Division, plan.Name, seed))).Select(Scaled)]);

    private SimulatedQueue QueueOf(QueuePlan plan, ulong seed, DateTimeOffset startedAt)
    {
        var division = Divisions.Single(division => division.Name == plan.Division);
        var id = Identity.Of(seed, $"queue:{plan.Division}/{plan.Name}");
        var random = new SeededRandom(SeededRandom.Mix(seed, Identity.Hash(id.ToString())));
        var founded = new DateTimeOffset(2019, 1, 7, 9, 0, 0, TimeSpan.Zero).AddDays(random.Below(1_400)).AddMinutes(random.Below(480));
        var recent = new DateTimeOffset(startedAt.UtcDateTime.Date, TimeSpan.Zero).AddDays(-9).AddHours(8);
        return new(id, plan.Name, division)
        {
            IsListed = !plan.IsDeleted,
            Created = plan.IsRecent ? recent : founded,
        };
    }

    private TrafficProfile Scaled(TrafficProfile traffic) => traffic with
    {
        Inbound = Scale(traffic.Inbound),
        Outbound = Scale(traffic.Outbound),
    };

    private int Scale(int rate) => rate == 0 ? 0 : Math.Max(1, (int)(rate * _settings.Volume));
}
