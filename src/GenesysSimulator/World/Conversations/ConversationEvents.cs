using GenesysSimulator.World.Agents;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.World.Conversations;

internal enum Direction : byte
{
    Inbound,
    Outbound,
}

/// <summary>One metric event: the metric, when it was emitted, its value (milliseconds or a number), and the session that it belongs to.</summary>
internal readonly record struct MetricEvent(long At, int Value, Metric Metric, byte Session);

/// <summary>The part of a conversation that belongs to an agent, or to the queue.</summary>
internal record struct Session(long Began, int Agent, byte WrapUpCode, Direction Direction);

/// <summary>The metric events of one conversation. The buffer is reused, because a month has a million conversations.</summary>
internal sealed class ConversationEvents
{
    /// <summary>The session of the queue, which has neither agent nor wrap-up code.</summary>
    public const int OfQueue = 0;

    public const int MaxSessions = 4;

    private readonly MetricEvent[] _events = new MetricEvent[96];
    private readonly Session[] _sessions = new Session[MaxSessions];
    private int _count;
    private int _sessionCount;

    public ConversationEvents() => _sessions[OfQueue] = new(0, Team.NoAgent, WrapUpCodes.None, Direction.Inbound);

    /// <summary>
    /// Whether to skip the choice of agents and wrap-up codes, which takes a sixth of the time. All agents then have the index 0, and sessions have no codes.
    /// </summary>
    public bool IsAnonymous { get; init; }

    public Direction Originating { get; private set; }

    /// <summary>See <see cref="MessageTypes"/>.</summary>
    public int MessageType { get; private set; }

    /// <summary>Identifies the conversation; the seed of further random values that do not affect the conversation itself.</summary>
    public ulong Number { get; private set; }

    /// <summary>The index among the conversations of the hour.</summary>
    public int Index { get; private set; }

    /// <summary>The instant at which the conversation reaches its queue, or at which an agent starts it.</summary>
    public long Start { get; private set; }

    public ReadOnlySpan<MetricEvent> All => _events.AsSpan(0, _count);

    public ReadOnlySpan<Session> Sessions => _sessions.AsSpan(0, _sessionCount);

    public void Begin(Direction originating, int messageType, ulong number, int index, long start)
    {
        (_count, _sessionCount) = (0, 1);
        (Originating, MessageType, Number, Index, Start) = (originating, messageType, number, index, start);
    }

    /// <summary>Returns a separate random sequence for one purpose, so that its use does not change the rest of the conversation.</summary>
    public SeededRandom RandomFor(ulong purpose) => new(SeededRandom.Mix(Number, purpose));

    /// <summary>Starts the session of an agent of a team.</summary>
    public int Join(Team team, long at, ulong chance, Direction direction = Direction.Inbound) =>
        Join(at, IsAnonymous ? 0 : team.Pick(at, chance), direction);

    /// <summary>Starts the session of a different agent from that of the given session.</summary>
    public int JoinColleague(Team team, long at, int session) =>
        Join(at, IsAnonymous ? 0 : team.Pick(at, SeedFor(session, 0x636F6C6C), _sessions[session].Agent), Direction.Inbound);

    /// <summary>Sets the wrap-up code of a session. It applies to all events of the session, including earlier ones.</summary>
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
