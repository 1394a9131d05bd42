namespace GenesysSimulator.World.Conversations;

internal enum Direction : byte
{
    Inbound,
    Outbound,
}

/// <summary>One metric event: the metric, when it was emitted, and its value (milliseconds or a number).</summary>
internal readonly record struct MetricEvent(long At, int Value, short Agent, Metric Metric, Direction Direction);

/// <summary>The metric events of one conversation. The buffer is reused, because a month has a million conversations.</summary>
internal sealed class ConversationEvents
{
    /// <summary>Marks events that the queue emitted.</summary>
    public const short NoAgent = -1;

    private readonly MetricEvent[] _events = new MetricEvent[96];
    private int _count;

    public Direction Originating { get; private set; }

    /// <summary>See <see cref="MessageTypes"/>.</summary>
    public int MessageType { get; private set; }

    public ReadOnlySpan<MetricEvent> All => _events.AsSpan(0, _count);

    public void Begin(Direction originating, int messageType)
    {
        _count = 0;
        (Originating, MessageType) = (originating, messageType);
    }

    public void ByQueue(Metric metric, long at, long value = 1) =>
        _events[_count++] = new(at, (int)value, NoAgent, metric, Direction.Inbound);

    public void ByAgent(Metric metric, long at, long value, int agent, Direction direction = Direction.Inbound) =>
        _events[_count++] = new(at, (int)value, (short)agent, metric, direction);
}
