using System.Globalization;
using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>The asynchronous query: queued on the first poll, pending on the second, then fulfilled. It has no row limit.</summary>
internal sealed class AggregatesJobs(SimulatedWorld world, TimeProvider clock)
{
    private const int DefaultPageSize = 1_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Job> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private ulong _submitted;

    public Reply Submit(ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> faults)
    {
        var query = AggregateQueryReader.Read(body, int.MaxValue, isAsync: true);
        var job = new Job(query, clock.GetUtcNow())
        {
            Fails = faults.Any(fault => fault.Name == FaultNames.JobFailed),
            Expires = faults.Any(fault => fault.Name == FaultNames.JobExpired),
        };
        lock (_lock)
        {
            var random = new SeededRandom(SeededRandom.Mix(query.Fingerprint, ++_submitted));
            var id = string.Create(CultureInfo.InvariantCulture, $"{random.Next():x16}{random.Next():x16}");
            foreach (var (old, _) in _jobs.Where(pair => pair.Value.SubmittedAt + (2 * Lifetime) < job.SubmittedAt).ToList())
            {
                _jobs.Remove(old);
            }

            _jobs[id] = job;
            return Reply.OfJson($$"""{"jobId":"{{id}}"}""", 202);
        }
    }

    public Reply Status(string id)
    {
        var job = Find(id);
        var state = job.Poll(clock.GetUtcNow(), Lifetime);
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("state", state);
            writer.WriteString("submissionDate", job.SubmittedAt.UtcDateTime);
            if (state is not ("QUEUED" or "PENDING"))
            {
                writer.WriteString("completionDate", job.SubmittedAt.UtcDateTime);
                writer.WriteString("expirationDate", (job.SubmittedAt + Lifetime).UtcDateTime);
            }

            if (state == "FAILED")
            {
                writer.WriteString("errorMessage", "The query could not be completed.");
            }

            writer.WriteEndObject();
        });
    }

    public Reply Results(string id, string? cursor, CancellationToken cancellationToken)
    {
        var job = Find(id);
        if (job.State(clock.GetUtcNow(), Lifetime) != "FULFILLED")
        {
            throw ApiException.BadRequest("The job has no results (yet).");
        }

        var query = job.Query;
        var count = new AggregateCount(world, query, world.SnapshotAt(job.SubmittedAt), int.MaxValue);
        var size = query.PageSize ?? DefaultPageSize;
        var page = PageOf(cursor);
        var groups = AggregateReplyWriter.Shuffled(count.Run(cancellationToken), query.Fingerprint).ToList();
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            AggregateReplyWriter.WriteGroups(writer, groups.Skip(page * size).Take(size), query, count.Columns);
            writer.WriteEndArray();
            if ((page + 1) * size < groups.Count)
            {
                // Contains a plus and an equals sign, to expose clients that do not encode it.
                writer.WriteString("cursor", string.Create(CultureInfo.InvariantCulture, $"page+{page + 1}="));
            }

            writer.WriteEndObject();
        });
    }

    public Reply Cancel(string id)
    {
        Find(id).IsCancelled = true;
        return Reply.Empty(204);
    }

    private static int PageOf(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor == "again")
        {
            return 0;
        }

        return cursor.StartsWith("page+", StringComparison.Ordinal)
            && int.TryParse(cursor.AsSpan(5).TrimEnd('='), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? page
            : throw ApiException.BadRequest("The cursor is not one of this job.");
    }

    private Job Find(string id)
    {
        lock (_lock)
        {
            return _jobs.GetValueOrDefault(id) ?? throw ApiException.NotFound();
        }
    }

    private sealed class Job(AggregateQuery query, DateTimeOffset submittedAt)
    {
        private int _polls;

        public AggregateQuery Query => query;

        public DateTimeOffset SubmittedAt => submittedAt;

        public bool Fails { get; init; }

        public bool Expires { get; init; }

        public bool IsCancelled { get; set; }

        public string Poll(DateTimeOffset now, TimeSpan lifetime)
        {
            Interlocked.Increment(ref _polls);
            return State(now, lifetime);
        }

        public string State(DateTimeOffset now, TimeSpan lifetime) => _polls switch
        {
            _ when IsCancelled => "CANCELLED",
            _ when now >= submittedAt + lifetime => "EXPIRED",
            <= 1 => "QUEUED",
            2 => "PENDING",
            _ when Fails => "FAILED",
            _ when Expires => "EXPIRED",
            _ => "FULFILLED",
        };
    }
}
