using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

/// <summary>One event of the simulation with its dimensions. A dimension without a value is null.</summary>
internal sealed record SimulatedEvent(
    DateTimeOffset At, string Metric, int Value, IReadOnlyDictionary<string, string?> Dimensions, ConversationStream Stream, Session Session)
{
    public string? this[string dimension] => Dimensions[dimension];
}

/// <summary>Collects the single events of an interval from the simulation.</summary>
internal static class SimulatedEvents
{
    public static List<SimulatedEvent> Between(SimulatedWorld world, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var found = new List<SimulatedEvent>();
        foreach (var stream in world.Streams)
        {
            var collected = new Collected(world, stream, from, to, found);
            var events = new MetricEvents();
            foreach (var hour in WorldHour.Between(
                from.AddHours(-stream.Profile.LookbackHours).ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), world.Zone))
            {
                stream.VisitHour(hour, world.SnapshotAt(now), events, ref collected);
            }
        }

        return [.. found.Where(one => one.At <= now)];
    }

    private readonly record struct Collected(
        SimulatedWorld World, ConversationStream Stream, DateTimeOffset From, DateTimeOffset To, List<SimulatedEvent> Found) : IConversationVisitor
    {
        public void Visit(MetricEvents conversation)
        {
            var dimensions = new Dictionary<string, string?>?[conversation.Sessions.Length];
            foreach (var one in conversation.All)
            {
                var at = DateTimeOffset.FromUnixTimeMilliseconds(one.At);
                if (at >= From && at < To)
                {
                    var session = conversation.Sessions[one.Session];
                    var own = dimensions[one.Session] ??= DimensionsOf(conversation, session);
                    Found.Add(new(at, Metrics.WireNames[(int)one.Metric], one.Value, own, Stream, session));
                }
            }
        }

        private Dictionary<string, string?> DimensionsOf(MetricEvents conversation, Session session) => new(StringComparer.Ordinal)
        {
            ["queueId"] = Stream.Queue?.Id.ToString(),
            ["mediaType"] = Stream.Profile.Media,
            ["messageType"] = MessageTypes.Name(conversation.MessageType),
            ["originatingDirection"] = conversation.OriginatingDirection == Direction.Inbound ? "inbound" : "outbound",
            ["userId"] = session.Agent < 0 ? null : World.Agents[session.Agent].Id,
            ["wrapUpCode"] = session.WrapUpCode == 0 ? null : World.WrapUpCodes[session.WrapUpCode - 1].Id,
        };
    }
}
