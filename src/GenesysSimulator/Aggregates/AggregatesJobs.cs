using System.Globalization;
using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Faults;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// The asynchronous query: queued on the first poll, pending on the second, then fulfilled. It has no row limit, but a limit of queries that run at the
/// same time.
/// </summary>
internal sealed class AggregatesJobs(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    private static int _freshCursors;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Job> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private ulong _submitted;

    /// <summary>A cursor that no page has had, for faults. It leads to the first page.</summary>
    public static string FreshCursor() => string.Create(CultureInfo.InvariantCulture, $"again+{Interlocked.Increment(ref _freshCursors)}=");

    public Reply Submit(ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> faults)
    {
        var query = AggregateQueryReader.Read(body, int.MaxValue, settings.MaxJobPageSize);
        var job = new Job(query, clock.GetUtcNow())
        {
            Error = faults.FirstOrDefault(fault => fault.Name == FaultNames.JobFailed) is { } failed ? failed.Value ?? "The query could not be completed." : null,
            SlowPolls = faults.FirstOrDefault(fault => fault.Name == FaultNames.JobSlow)?.Number(20) ?? 0,
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

            if (_jobs.Values.Count(known => known.State(job.SubmittedAt, Lifetime) is "QUEUED" or "PENDING") >= settings.ConcurrentJobs)
            {
                throw new ApiException(429, "too.many.requests", $"The limit of {settings.ConcurrentJobs} concurrent asynchronous queries is exceeded.");
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
                writer.WriteString("errorMessage", job.Error);
            }

            writer.WriteEndObject();
        });
    }

    public Reply Results(string id, IQueryCollection parameters, CancellationToken cancellationToken)
    {
        // The page size is fixed by the submission, so the only parameter is the cursor.
        if (parameters.Keys.FirstOrDefault(key => key != "cursor") is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        var job = Find(id);
        if (job.State(clock.GetUtcNow(), Lifetime) != "FULFILLED")
        {
            throw ApiException.BadRequest("The job has no results (yet).");
        }

        var query = job.Query;
        var count = new AggregateCount(world, query, world.SnapshotAt(job.SubmittedAt), int.MaxValue);
        var size = query.PageSize ?? settings.JobPageSize;
        var page = PageOf(parameters["cursor"]);
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
        if (string.IsNullOrEmpty(cursor) || cursor.StartsWith("again", StringComparison.Ordinal))
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

        /// <summary>A fault: the message with which it fails.</summary>
        public string? Error { get; init; }

        /// <summary>A fault: additional polls that find the query pending.</summary>
        public int SlowPolls { get; init; }

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
            var polls when polls <= 2 + SlowPolls => "PENDING",
            _ when Error is not null => "FAILED",
            _ when Expires => "EXPIRED",
            _ => "FULFILLED",
        };
    }
}
