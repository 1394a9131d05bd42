using GenesysSimulator.Details.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>Serves the synchronous requests: POST …/conversations/details/query, GET …/conversations/details and GET …/conversations/{id}/details.</summary>
internal sealed class DetailsEndpoint(SimulatedWorld world, SimulatorSettings settings, RecordIndexes indexes, TimeProvider clock)
{
    private const int MaxIds = 100;

    private readonly RecordSource _source = new(world);
    private readonly DetailsPagingFaults _faults = new();

    private Snapshot Now => world.SnapshotAt(clock.GetUtcNow());

    public Reply Query(ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> faults, CancellationToken cancellationToken)
    {
        var query = DetailQueryReader.ReadSync(body, DetailsPagingFaults.MaxDays(faults) ?? settings.DetailsMaxDays);
        var snapshot = Now;
        var index = indexes.For(query, snapshot, query.PageNumber == 1, cancellationToken);
        List<ConversationPosition> page = [.. DetailsPagingFaults.PageOf(index, query, faults)];
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            if (page.Count > 0)
            {
                RecordSource.Write(writer, _source.Records(page, snapshot), includeAttributes: false);
            }

            writer.WriteNumber("totalHits", index.Count + _faults.HitsOffset(faults));
            writer.WriteEndObject();
        });
    }

    public Reply One(string id) =>
        _source.Find(id, Now) is { } record
            ? Reply.OfJson(writer => RecordWriter.Write(writer, record, includeAttributes: false))
            : throw ApiException.NotFound();

    public Reply Several(IQueryCollection parameters)
    {
        if (parameters.Keys.FirstOrDefault(key => key != "id") is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        string[] ids = [.. parameters["id"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        if (ids.Length is 0 or > MaxIds)
        {
            throw ApiException.BadRequest($"id must contain from 1 to {MaxIds} conversation ids.");
        }

        var snapshot = Now;
        var found = ids.Distinct(StringComparer.OrdinalIgnoreCase).Select(id => _source.Find(id, snapshot)).OfType<ConversationRecord>();
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            RecordSource.Write(writer, found, includeAttributes: false);
            writer.WriteEndObject();
        });
    }
}
