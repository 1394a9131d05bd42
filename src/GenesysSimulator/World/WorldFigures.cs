using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.World;

/// <summary>The accumulated events of a metric. For oServiceLevel, the count is the denominator and the sum is the numerator.</summary>
public sealed record SimulatedFigure(long Count, long Sum, long Min, long Max);

/// <summary>
/// Selects events. For a dimension, null selects all events, and <see cref="SimulatedWorld.Without"/> selects the events without a value.
/// </summary>
internal sealed record EventFilter(long AtMost, string? UserId, string? WrapUpCode)
{
    public bool Matches(SimulatedWorld world, in MetricEvent metricEvent, in Session session) =>
        metricEvent.Value <= AtMost
        && (UserId is null || UserId == (session.Agent == Team.NoAgent ? SimulatedWorld.Without : world.Agents[session.Agent].Id))
        && (WrapUpCode is null || WrapUpCode == (session.WrapUpCode == WrapUpCodes.None ? SimulatedWorld.Without : world.WrapUpCodes[session.WrapUpCode - 1].Id));
}

/// <summary>A simple reference implementation of aggregates, without groups, buckets or query filters. Tests compare it with the query code.</summary>
internal static class WorldFigures
{
    public static Dictionary<string, SimulatedFigure> Of(
        SimulatedWorld world, Guid? queueId, string mediaType, long from, long to, Snapshot snapshot, EventFilter filter)
    {
        var sums = new Sums(world, from, Math.Min(to, snapshot.Now + 1), filter, new Dictionary<string, SimulatedFigure>(StringComparer.Ordinal));
        var events = new MetricEvents { IsAnonymous = filter is { UserId: null, WrapUpCode: null } };
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

    private readonly record struct Sums(
        SimulatedWorld World, long From, long To, EventFilter Filter, Dictionary<string, SimulatedFigure> Figures) : IConversationVisitor
    {
        public void Visit(MetricEvents conversation)
        {
            foreach (var metricEvent in conversation.All)
            {
                if (metricEvent.At < From || metricEvent.At >= To || !Filter.Matches(World, metricEvent, conversation.Sessions[metricEvent.Session]))
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
