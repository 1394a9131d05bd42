using GenesysSimulator.World.Agents;

namespace GenesysSimulator.World.Live;

/// <summary>
/// The states of all users at an instant. An agent with a session, or with a recent unanswered alert, is on queue, regardless of the shift. The state of any
/// other agent depends on the shift and on a random number for each quarter of an hour.
/// </summary>
internal sealed class UserStates
{
    /// <summary>How long the routing status is NOT_RESPONDING after an unanswered alert, unless the agent has a session.</summary>
    private const long NotRespondingMs = 30_000;

    private const long SlotMs = 900_000;

    // The presences of agents who are at work and have no session, with their shares in thousandths.
    private static readonly (string Presence, int Share)[] WithoutSession =
    [
        (OrganizationPresences.OnQueue, 790), ("BREAK", 70), ("MEAL", 40), ("MEETING", 30), ("TRAINING", 15), ("BUSY", 25),
        (OrganizationPresences.Available, 20), ("AWAY", 8), ("IDLE", 2),
    ];

    private readonly SimulatedWorld _world;
    private readonly long _now;
    private readonly UserState[] _states;
    private readonly HashSet<(int Agent, Guid Queue)> _occupied = [];

    public UserStates(SimulatedWorld world, long now, IReadOnlyList<LiveSession> open, IReadOnlyList<LiveSession> ended)
    {
        (_world, _now) = (world, now);
        _states = [.. Enumerable.Range(0, world.Agents.Count).Select(WithoutSessionOf)];
        foreach (var session in ended.Where(session => session.Interval.IsUnanswered && session.Interval.End + NotRespondingMs > now))
        {
            Set(session.Interval.Agent, UserState.NotResponding, session.Interval.End);
        }

        // The last session of an agent determines the state. Sessions are sorted, so conversations override alerts, and sessions of a queue override direct
        // calls.
        foreach (var session in open.OrderBy(session => RankOf(session)))
        {
            Set(session.Interval.Agent, StatusOf(session), session.Interval.Start);
            if (session.Stream.Queue is { } queue)
            {
                _occupied.Add((session.Interval.Agent, queue.Id));
            }
        }
    }

    public static long EndedWithin => NotRespondingMs;

    public UserState this[int agent] => _states[agent];

    /// <summary>The indexes of the current members of a queue.</summary>
    public IEnumerable<int> MembersOf(SimulatedQueue queue) => _world.TeamOf(queue).Members.Where(IsEmployed);

    /// <summary>Whether the agent has activated the queue.</summary>
    public bool IsActiveMember(int agent, SimulatedQueue queue) =>
        _occupied.Contains((agent, queue.Id))
        || !new SeededRandom(SeededRandom.Mix(Identity.Hash(_world.Agents[agent].Id), (ulong)(_now / (96 * SlotMs)) ^ Identity.Hash(queue.WireId))).Chance(40);

    private bool IsEmployed(int agent) => _world.Agents[agent] is var user && (user.State == AgentState.Active || user.Left?.ToUnixTimeMilliseconds() > _now);

    private static int RankOf(LiveSession session) =>
        (session.Interval.Activity == LiveActivity.Alerting ? 0 : 2) + (session.Stream.Queue is null ? 0 : 1);

    private static string StatusOf(LiveSession session) => session switch
    {
        { Interval.Activity: LiveActivity.Alerting } => UserState.Idle,
        { Stream.Queue: null } => UserState.Communicating,
        _ => UserState.Interacting,
    };

    private void Set(int agent, string status, long since)
    {
        if (agent == Team.NoAgent)
        {
            return;
        }

        var old = _states[agent];
        var routingSince = old.RoutingStatus == status ? Math.Min(old.RoutingSince, since) : since;
        _states[agent] = new(_world.Presence(OrganizationPresences.OnQueue), status, old.Presence.SystemPresence == OrganizationPresences.OnQueue ? old.Since : since, routingSince);
    }

    private UserState WithoutSessionOf(int agent)
    {
        var slot = _now / SlotMs;
        var since = slot * SlotMs;
        if (!IsEmployed(agent) || !_world.IsAtWork(agent, since))
        {
            return new(_world.Presence(OrganizationPresences.Offline), UserState.OffQueue, since, since);
        }

        var random = new SeededRandom(SeededRandom.Mix(Identity.Hash(_world.Agents[agent].Id), (ulong)slot));
        var remaining = random.Below(1000);
        var index = 0;
        while ((remaining -= WithoutSession[index].Share) >= 0)
        {
            index++;
        }

        var presence = WithoutSession[index].Presence;
        var chosen = _world.Presence(presence, random.Below(8));
        return new(chosen, presence == OrganizationPresences.OnQueue ? UserState.Idle : UserState.OffQueue, since, since);
    }
}

/// <summary>The presence and routing status of a user at an instant.</summary>
/// <param name="Since">When the presence began, in milliseconds since 1970.</param>
/// <param name="RoutingSince">When the routing status began, in milliseconds since 1970.</param>
internal readonly record struct UserState(OrganizationPresence Presence, string RoutingStatus, long Since, long RoutingSince)
{
    public const string OffQueue = "OFF_QUEUE";
    public const string Idle = "IDLE";
    public const string Interacting = "INTERACTING";
    public const string Communicating = "COMMUNICATING";
    public const string NotResponding = "NOT_RESPONDING";

    public bool IsOnQueue => RoutingStatus != OffQueue;
}
