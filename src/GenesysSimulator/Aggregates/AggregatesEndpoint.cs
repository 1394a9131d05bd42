using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>POST /api/v2/analytics/conversations/aggregates/query.</summary>
internal sealed class AggregatesEndpoint(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    public Reply Query(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var query = AggregateQueryReader.Read(body, settings.RowLimit);
        var counter = new AggregateCounter(world, query, world.SnapshotAt(clock.GetUtcNow()), settings.RowLimit);
        var groups = counter.Run(cancellationToken);
        if (groups.Count == 0)
        {
            // Genesys sends both forms if there is no data.
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
