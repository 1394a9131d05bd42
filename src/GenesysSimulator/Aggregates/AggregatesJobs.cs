using System.Globalization;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>The asynchronous form of the query: queued at the first look, pending at the second, then fulfilled; no row limit.</summary>
internal sealed class AggregatesJobs(SimulatedWorld world, TimeProvider clock)
{
    private const int DefaultPageSize = 1_000;

    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Job> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private ulong _submitted;

    public Answer Submit(ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> faults)
    {
        var question = AggregateQuestionReader.Read(body, int.MaxValue, isAsync: true);
        var job = new Job(question, clock.GetUtcNow())
        {
            Fails = faults.Any(fault => fault.Name == FaultNames.JobFailed),
            Expires = faults.Any(fault => fault.Name == FaultNames.JobExpired),
        };
        lock (_lock)
        {
            var dice = new Dice(Dice.Mix(question.Fingerprint, ++_submitted));
            var id = string.Create(CultureInfo.InvariantCulture, $"{dice.Next():x16}{dice.Next():x16}");
            foreach (var (old, _) in _jobs.Where(pair => pair.Value.SubmittedAt + (2 * Life) < job.SubmittedAt).ToList())
            {
                _jobs.Remove(old);
            }

            _jobs[id] = job;
            return Answer.OfJson($$"""{"jobId":"{{id}}"}""", 202);
        }
    }

    public Answer Status(string id)
    {
        var job = Find(id);
        var state = job.Look(clock.GetUtcNow(), Life);
        return Answer.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("state", state);
            writer.WriteString("submissionDate", job.SubmittedAt.UtcDateTime);
            if (state is not ("QUEUED" or "PENDING"))
            {
                writer.WriteString("completionDate", job.SubmittedAt.UtcDateTime);
                writer.WriteString("expirationDate", (job.SubmittedAt + Life).UtcDateTime);
            }

            if (state == "FAILED")
            {
                writer.WriteString("errorMessage", "The query could not be completed.");
            }

            writer.WriteEndObject();
        });
    }

    public Answer Results(string id, string? cursor, CancellationToken cancellationToken)
    {
        var job = Find(id);
        if (job.State(clock.GetUtcNow(), Life) != "FULFILLED")
        {
            throw Refusal.BadRequest("The job has no results (yet).");
        }

        var question = job.Question;
        var count = new AggregateCount(world, question, world.ReadingAt(job.SubmittedAt), int.MaxValue);
        var size = question.PageSize ?? DefaultPageSize;
        var page = PageOf(cursor);
        var groups = AggregateAnswerWriter.Shuffled(count.Run(cancellationToken), question.Fingerprint).ToList();
        return Answer.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            AggregateAnswerWriter.WriteGroups(writer, groups.Skip(page * size).Take(size), question, count.Columns);
            writer.WriteEndArray();
            if ((page + 1) * size < groups.Count)
            {
                // A plus and an equals sign, so that who does not encode it finds out.
                writer.WriteString("cursor", string.Create(CultureInfo.InvariantCulture, $"page+{page + 1}="));
            }

            writer.WriteEndObject();
        });
    }

    public Answer Cancel(string id)
    {
        Find(id).IsCancelled = true;
        return Answer.Empty(204);
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
            : throw Refusal.BadRequest("The cursor is not one of this job.");
    }

    private Job Find(string id)
    {
        lock (_lock)
        {
            return _jobs.GetValueOrDefault(id) ?? throw Refusal.NotFound();
        }
    }

    private sealed class Job(AggregateQuestion question, DateTimeOffset submittedAt)
    {
        private int _looks;

        public AggregateQuestion Question => question;

        public DateTimeOffset SubmittedAt => submittedAt;

        public bool Fails { get; init; }

        public bool Expires { get; init; }

        public bool IsCancelled { get; set; }

        public string Look(DateTimeOffset now, TimeSpan life)
        {
            Interlocked.Increment(ref _looks);
            return State(now, life);
        }

        public string State(DateTimeOffset now, TimeSpan life) => _looks switch
        {
            _ when IsCancelled => "CANCELLED",
            _ when now >= submittedAt + life => "EXPIRED",
            <= 1 => "QUEUED",
            2 => "PENDING",
            _ when Fails => "FAILED",
            _ when Expires => "EXPIRED",
            _ => "FULFILLED",
        };
    }
}
