namespace GenesysSimulator.World;

/// <summary>What a metric's stamps add up to. For oServiceLevel the count is the denominator and the sum the numerator.</summary>
public sealed record SimulatedFigure(long Count, long Sum, long Min, long Max);

/// <summary>The plain way to add up, without groups, buckets or filters: what the answering code is checked against.</summary>
internal static class WorldFigures
{
    public static Dictionary<string, SimulatedFigure> Of(
        SimulatedWorld world, Guid? queueId, string mediaType, long from, long to, Reading reading)
    {
        var sums = new Sums(from, Math.Min(to, reading.Now + 1), new Dictionary<string, SimulatedFigure>(StringComparer.Ordinal));
        var stamps = new Stamps();
        foreach (var stream in world.Streams.Where(stream => stream.Queue?.Id == queueId && stream.Profile.Media == mediaType))
        {
            var first = from - (stream.Profile.LookbackHours * WorldHour.Milliseconds);
            foreach (var hour in WorldHour.Between(first, Math.Min(to, reading.Now + 1), world.Zone))
            {
                stream.VisitHour(hour, reading, stamps, ref sums);
            }
        }

        return sums.Figures;
    }

    private readonly record struct Sums(long From, long To, Dictionary<string, SimulatedFigure> Figures) : IStampVisitor
    {
        public void Visit(Stamps conversation)
        {
            foreach (var stamp in conversation.All)
            {
                if (stamp.At < From || stamp.At >= To)
                {
                    continue;
                }

                var name = Metrics.WireNames[(int)stamp.Metric];
                Figures[name] = Figures.TryGetValue(name, out var old)
                    ? new(old.Count + 1, old.Sum + stamp.Value, Math.Min(old.Min, stamp.Value), Math.Max(old.Max, stamp.Value))
                    : new(1, stamp.Value, stamp.Value, stamp.Value);
            }
        }
    }
}
