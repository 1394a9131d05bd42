using System.Text.Json;
using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>Generates individual records by position or by id.</summary>
internal sealed class RecordSource(SimulatedWorld world)
{
    public IEnumerable<ConversationRecord> Records(IEnumerable<ConversationPosition> places, Snapshot snapshot)
    {
        var events = new MetricEvents();
        foreach (var place in places)
        {
            if (Find(place, snapshot, events) is { } record)
            {
                yield return record;
            }
        }
    }

    public ConversationRecord? Find(string id, Snapshot snapshot) =>
        Guid.TryParse(id, out var guid) && world.ConversationIds.Find(guid) is { } place ? Find(place, snapshot, new MetricEvents()) : null;

    public static void Write(Utf8JsonWriter writer, IEnumerable<ConversationRecord> records, bool includeAttributes)
    {
        writer.WriteStartArray("conversations");
        foreach (var record in records)
        {
            RecordWriter.Write(writer, record, includeAttributes);
        }

        writer.WriteEndArray();
    }

    private ConversationRecord? Find(ConversationPosition place, Snapshot snapshot, MetricEvents events)
    {
        if (place.Stream >= world.Streams.Count)
        {
            return null;
        }

        var start = place.Hour * WorldHour.Milliseconds;
        var hour = WorldHour.Between(start, start + 1, world.Zone)[0];
        var stream = world.Streams[place.Stream];
        return stream.Generate(hour, place.Index, snapshot, events) ? world.Records.Build(stream, place.Stream, events, snapshot.Now) : null;
    }
}
