using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>POST /api/v2/analytics/conversations/aggregates/query.</summary>
internal sealed class AggregatesEndpoint(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    public Answer Query(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var question = AggregateQuestionReader.Read(body, settings.RowLimit);
        var count = new AggregateCount(world, question, world.ReadingAt(clock.GetUtcNow()), settings.RowLimit);
        var groups = count.Run(cancellationToken);
        if (groups.Count == 0)
        {
            // Both are seen for "nothing at all".
            return Answer.OfJson(question.Fingerprint % 2 == 0 ? "{}" : """{"results":[]}""");
        }

        return Answer.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            AggregateAnswerWriter.WriteGroups(
                writer, AggregateAnswerWriter.Shuffled(groups, question.Fingerprint), question, count.Columns);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
