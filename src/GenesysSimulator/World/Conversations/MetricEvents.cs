using GenesysSimulator.World.Agents;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.World.Conversations;

internal enum Direction : byte
{
    Inbound,
    Outbound,
}

/// <summary>One metric event.</summary>
/// <param name="At">When the event was emitted, in milliseconds since 1970.</param>
/// <param name="Value">Milliseconds or a number, depending on the metric.</param>
/// <param name="Session">The index of the session to which the event belongs.</param>
internal readonly record struct MetricEvent(long At, int Value, Metric Metric, byte Session);

/// <summary>The part of a conversation that belongs to an agent, or to the queue.</summary>
/// <param name="Began">When the session began, in milliseconds since 1970.</param>
/// <param name="Agent">The index of the agent, or <see cref="Team.NoAgent"/>.</param>
internal record struct Session(long Began, int Agent, byte WrapUpCode, Direction Direction);

/// <summary>The metric events of one conversation. The buffer is reused, because a month contains a million conversations.</summary>
internal sealed class MetricEvents
{
    /// <summary>The index of the session of the queue, which has neither an agent nor a wrap-up code.</summary>
    public const int OfQueue = 0;

    public const int MaxSessions = 4;

    private readonly MetricEvent[] _events = new MetricEvent[96];
    private readonly Session[] _sessions = new Session[MaxSessions];
    private int _count;
    private int _sessionCount;

    public MetricEvents() => _sessions[OfQueue] = new(0, Team.NoAgent, WrapUpCodes.None, Direction.Inbound);

    /// <summary>
    /// Whether the choice of agents and wrap-up codes is skipped, because it takes a sixth of the time. All agents then have the index 0, and sessions have no
    /// codes.
    /// </summary>
    public bool IsAnonymous { get; init; }

    public Direction OriginatingDirection { get; private set; }

    /// <summary>The number of the message type (<see cref="MessageTypes"/>).</summary>
    public int MessageType { get; private set; }

    /// <summary>A number that identifies the conversation. It is also the seed of further random values that do not affect the conversation itself.</summary>
    public ulong Number { get; private set; }

    /// <summary>The index among the conversations of the hour.</summary>
    public int Index { get; private set; }

    /// <summary>When the conversation reaches its queue or an agent starts the conversation, in milliseconds since 1970.</summary>
    public long Start { get; private set; }

    public ReadOnlySpan<MetricEvent> All => _events.AsSpan(0, _count);

    public ReadOnlySpan<Session> Sessions => _sessions.AsSpan(0, _sessionCount);

    public void Begin(Direction originating, int messageType, ulong number, int index, long start)
    {
        (_count, _sessionCount) = (0, 1);
        (OriginatingDirection, MessageType, Number, Index, Start) = (originating, messageType, number, index, start);
    }

    /// <summary>Returns a separate random sequence for one purpose. Draws from this sequence do not change other parts of the conversation.</summary>
    public SeededRandom RandomFor(ulong purpose) => new(SeededRandom.Mix(Number, purpose));

    /// <summary>Starts a session for an agent of a team, and returns the index of the session.</summary>
    public int Join(Team team, long at, ulong chance, Direction direction = Direction.Inbound) =>
        Join(at, IsAnonymous ? 0 : team.Pick(at, chance), direction);

    /// <summary>Starts a session for a colleague of the agent of the given session, and returns the index of the new session.</summary>
    public int JoinColleague(Team team, long at, int session) =>
        Join(at, IsAnonymous ? 0 : team.Pick(at, SeedFor(session, 0x636F6C6C), _sessions[session].Agent), Direction.Inbound);

    /// <summary>Sets the wrap-up code of a session. The code applies to all events of the session, including earlier events.</summary>
    public void WrapUp(int session, WrapUpChoice codes, bool isReached)
    {
        if (!IsAnonymous)
        {
            _sessions[session].WrapUpCode = codes.Pick(SeedFor(session, 0x77726170), isReached);
        }
    }

    public void ByQueue(Metric metric, long at, long value = 1) => ByAgent(metric, at, value, OfQueue);

    public void ByAgent(Metric metric, long at, long value, int session) =>
        _events[_count++] = new(at, (int)value, metric, (byte)session);

    private int Join(long at, int agent, Direction direction)
    {
        _sessions[_sessionCount] = new(at, agent, WrapUpCodes.None, direction);
        return _sessionCount++;
    }

    private ulong SeedFor(int session, ulong purpose) => SeededRandom.Mix(Number, purpose + (ulong)session);
}
