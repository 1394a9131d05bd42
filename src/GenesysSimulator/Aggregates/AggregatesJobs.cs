using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Jobs;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>Asynchronous aggregates queries. They have no row limit, but only a limited number of queries can be queued or pending at the same time.</summary>
internal sealed class AggregatesJobs(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    private readonly QueryJobs<AggregateQuery> _jobs = new(settings, clock);

    public Reply Submit(ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> faults)
    {
        var query = AggregateQueryReader.Read(body, int.MaxValue, settings.MaxJobPageSize);
        return _jobs.Submit(query, query.Fingerprint, faults);
    }

    public Reply Status(string id) => _jobs.Status(id);

    public Reply Cancel(string id) => _jobs.Cancel(id);

    public Reply Results(string id, IQueryCollection parameters, CancellationToken cancellationToken)
    {
        // The page size is fixed by the submission, so the only parameter is the cursor.
        if (parameters.Keys.FirstOrDefault(key => key != "cursor") is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        var job = _jobs.Fulfilled(id);
        var query = job.Query;
        var counter = new AggregateCounter(world, query, world.SnapshotAt(job.SubmittedAt), int.MaxValue);
        var size = query.PageSize ?? settings.JobPageSize;
        var page = JobCursor.PageOf(parameters["cursor"]);
        var groups = AggregateReplyWriter.Shuffled(counter.Run(cancellationToken), query.Fingerprint).ToList();
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            AggregateReplyWriter.WriteGroups(writer, groups.Skip(page * size).Take(size), query, counter.Columns);
            writer.WriteEndArray();
            if ((page + 1) * size < groups.Count)
            {
                writer.WriteString("cursor", JobCursor.Of(page + 1));
            }

            writer.WriteEndObject();
        });
    }
}
