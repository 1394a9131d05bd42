using GenesysSimulator.World.Conversations;
using NodaTime;

namespace GenesysSimulator.World;

/// <summary>
/// A contact centre as a pure function of a seed. Nothing is stored: conversations are generated whenever their hour is queried. Tests can
/// query the same data here without HTTP.
/// </summary>
public sealed class SimulatedWorld
{
    private readonly SimulatorSettings _settings;

    public SimulatedWorld(SimulatorSettings settings, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        Zone = DateTimeZoneProviders.Tzdb[settings.OrganizationTimeZone];
        var seed = SeededRandom.Mix((ulong)settings.Seed, 0x67656E65737973);
        Divisions = [.. QueueNames.Divisions.Select(name => new SimulatedDivision(Identity(seed, "division:" + name), name))];

        var streams = new List<ConversationStream>();
        var queues = new List<SimulatedQueue>();
        foreach (var plan in QueueNames.Take(Math.Max(0, settings.Queues)).Append(QueueNames.Deleted))
        {
            var queue = QueueOf(plan, seed, startedAt);
            queues.Add(queue);
            var own = SeededRandom.Mix(seed, Name($"{plan.Division}/{plan.Name}"));
            var agents = AgentsOf(queue.WireId, seed, queue.Members);
            streams.AddRange(QueueTraffic.Of(plan.Kind, new SeededRandom(own)).Select((traffic, index) =>
                new ConversationStream(queue, queue.Division.Id, Scaled(traffic), agents, SeededRandom.Mix(own, (ulong)index + 1))));
        }

        streams.AddRange(QueueTraffic.WithoutQueue.Select((traffic, index) => new ConversationStream(
            null, Divisions[0].Id, Scaled(traffic), AgentsOf("direct", seed, 12), SeededRandom.Mix(seed, (ulong)index + 77))));
        Queues = queues;
        Streams = streams;
    }

    /// <summary>All queues, including the deleted one.</summary>
    public IReadOnlyList<SimulatedQueue> Queues { get; }

    public IReadOnlyList<SimulatedDivision> Divisions { get; }

    internal DateTimeZone Zone { get; }

    internal IReadOnlyList<ConversationStream> Streams { get; }

    /// <summary>The aggregates of one queue and media type in [from, to) as of <paramref name="now"/>, by metric name.</summary>
    /// <param name="atMost">Only events with at most this value, as a view counts them.</param>
    public IReadOnlyDictionary<string, SimulatedFigure> Figures(
        Guid? queueId, string mediaType, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, long atMost = long.MaxValue) =>
        WorldFigures.Of(this, queueId, mediaType, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), SnapshotAt(now), atMost);

    internal Snapshot SnapshotAt(DateTimeOffset now)
    {
        var drifts = _settings.DriftFrom is { } && now >= (_settings.DriftAt ?? DateTimeOffset.MinValue);
        return new(
            now.ToUnixTimeMilliseconds(),
            _settings.LateMutation,
            drifts ? _settings.DriftFrom!.Value.ToUnixTimeMilliseconds() : 0,
            drifts ? (_settings.DriftTo ?? now).ToUnixTimeMilliseconds() : 0);
    }

    private static ulong Name(string text) => text.Aggregate(14695981039346656037UL, (hash, letter) => SeededRandom.Mix(hash, letter));

    private static Guid Identity(ulong seed, string name)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed, Name(name)));
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, random.Next());
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], random.Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static string[] AgentsOf(string key, ulong seed, int count) =>
        [.. Enumerable.Range(0, count).Select(index => Identity(seed, $"agent:{key}:{index}").ToString())];

    private SimulatedQueue QueueOf(QueuePlan plan, ulong seed, DateTimeOffset startedAt)
    {
        var division = Divisions.Single(division => division.Name == plan.Division);
        var id = Identity(seed, $"queue:{plan.Division}/{plan.Name}");
        var random = new SeededRandom(SeededRandom.Mix(seed, Name(id.ToString())));
        var founded = new DateTimeOffset(2019, 1, 7, 9, 0, 0, TimeSpan.Zero).AddDays(random.Below(1_400)).AddMinutes(random.Below(480));
        var recent = new DateTimeOffset(startedAt.UtcDateTime.Date, TimeSpan.Zero).AddDays(-9).AddHours(8);
        return new(id, plan.Name, division)
        {
            IsListed = !plan.IsDeleted,
            Created = plan.IsRecent ? recent : founded,
            Members = random.Between(5, 26),
        };
    }

    private TrafficProfile Scaled(TrafficProfile traffic) => traffic with
    {
        Inbound = Scale(traffic.Inbound),
        Outbound = Scale(traffic.Outbound),
    };

    private int Scale(int rate) => rate == 0 ? 0 : Math.Max(1, (int)(rate * _settings.Volume));
}
