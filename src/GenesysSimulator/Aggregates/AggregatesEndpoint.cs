using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>Serves POST /api/v2/analytics/conversations/aggregates/query.</summary>
internal sealed class AggregatesEndpoint(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    public Reply Query(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var query = AggregateQueryReader.Read(body, settings.RowLimit);
        var counter = new AggregateCounter(world, query, world.SnapshotAt(clock.GetUtcNow()), settings.RowLimit);
        var groups = counter.Run(cancellationToken);
        if (groups.Count == 0)
        {
            // If there is no data, Genesys sends either of these two bodies.
            return Reply.OfJson(query.Fingerprint % 2 == 0 ? "{}" : """{"results":[]}""");
        }

        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            AggregateReplyWriter.WriteGroups(
                writer, AggregateReplyWriter.Shuffled(groups, query.Fingerprint), query, counter.Columns);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
