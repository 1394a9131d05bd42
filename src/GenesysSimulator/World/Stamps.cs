namespace GenesysSimulator.World;

internal enum Direction : byte
{
    Inbound,
    Outbound,
}

/// <summary>One thing that happened: a metric, the moment it was emitted at, its value (milliseconds or a number).</summary>
internal readonly record struct Stamp(long At, int Value, short Agent, Metric Metric, Direction Direction);

/// <summary>What one conversation emitted. A buffer that is used again for the next one: a month has a million of them.</summary>
internal sealed class Stamps
{
    /// <summary>Emitted by the queue and not by an agent.</summary>
    public const short NoAgent = -1;

    private readonly Stamp[] _stamps = new Stamp[96];
    private int _count;

    public Direction Originating { get; private set; }

    public ReadOnlySpan<Stamp> All => _stamps.AsSpan(0, _count);

    public void Begin(Direction originating)
    {
        _count = 0;
        Originating = originating;
    }

    public void ByQueue(Metric metric, long at, long value = 1) =>
        _stamps[_count++] = new(at, (int)value, NoAgent, metric, Direction.Inbound);

    public void ByAgent(Metric metric, long at, long value, int agent, Direction direction = Direction.Inbound) =>
        _stamps[_count++] = new(at, (int)value, (short)agent, metric, direction);
}
