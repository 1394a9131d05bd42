using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World;

/// <summary>The accumulated events of a metric. For oServiceLevel the count is the denominator and the sum the numerator.</summary>
public sealed record SimulatedFigure(long Count, long Sum, long Min, long Max);

/// <summary>A simple reference implementation without groups, buckets or filters; tests compare the query code with it.</summary>
internal static class WorldFigures
{
    public static Dictionary<string, SimulatedFigure> Of(
        SimulatedWorld world, Guid? queueId, string mediaType, long from, long to, Snapshot snapshot, long atMost)
    {
        var sums = new Sums(from, Math.Min(to, snapshot.Now + 1), atMost, new Dictionary<string, SimulatedFigure>(StringComparer.Ordinal));
        var events = new ConversationEvents();
        foreach (var stream in world.Streams.Where(stream => stream.Queue?.Id == queueId && stream.Profile.Media == mediaType))
        {
            var first = from - (stream.Profile.LookbackHours * WorldHour.Milliseconds);
            foreach (var hour in WorldHour.Between(first, Math.Min(to, snapshot.Now + 1), world.Zone))
            {
                stream.VisitHour(hour, snapshot, events, ref sums);
            }
        }

        return sums.Figures;
    }

    private readonly record struct Sums(long From, long To, long AtMost, Dictionary<string, SimulatedFigure> Figures) : IConversationVisitor
    {
        public void Visit(ConversationEvents conversation)
        {
            foreach (var metricEvent in conversation.All)
            {
                if (metricEvent.At < From || metricEvent.At >= To || metricEvent.Value > AtMost)
                {
                    continue;
                }

                var name = Metrics.WireNames[(int)metricEvent.Metric];
                Figures[name] = Figures.TryGetValue(name, out var old)
                    ? new(old.Count + 1, old.Sum + metricEvent.Value, Math.Min(old.Min, metricEvent.Value), Math.Max(old.Max, metricEvent.Value))
                    : new(1, metricEvent.Value, metricEvent.Value, metricEvent.Value);
            }
        }
    }
}
