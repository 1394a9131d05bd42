using System.Globalization;
using GenesysSimulator.Faults;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Jobs;

/// <summary>The asynchronous queries of one kind: their submission, state and cancellation. The endpoint of each kind computes the results.</summary>
internal sealed class QueryJobs<TQuery>(SimulatorSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, QueryJob<TQuery>> _jobs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();
    private ulong _submitted;

    public Reply Submit(TQuery query, ulong fingerprint, IReadOnlyList<SimulatorFault> faults)
    {
        var job = new QueryJob<TQuery>(query, clock.GetUtcNow(), faults);
        lock (_lock)
        {
            var random = new SeededRandom(SeededRandom.Mix(fingerprint, ++_submitted));
            var id = string.Create(CultureInfo.InvariantCulture, $"{random.Next():x16}{random.Next():x16}");
            foreach (var (oldId, _) in _jobs.Where(pair => pair.Value.SubmittedAt + (2 * Lifetime) < job.SubmittedAt).ToList())
            {
                _jobs.Remove(oldId);
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

    /// <summary>Returns the job, or throws if the job is not fulfilled.</summary>
    public QueryJob<TQuery> Fulfilled(string id)
    {
        var job = Find(id);
        return job.State(clock.GetUtcNow(), Lifetime) == "FULFILLED" ? job : throw ApiException.BadRequest("The job has no results (yet).");
    }

    public Reply Cancel(string id)
    {
        Find(id).IsCancelled = true;
        return Reply.Empty(204);
    }

    private QueryJob<TQuery> Find(string id)
    {
        lock (_lock)
        {
            return _jobs.GetValueOrDefault(id) ?? throw ApiException.NotFound();
        }
    }
}

/// <summary>
/// An asynchronous query. It is queued on the first poll, pending on the second, and then fulfilled, unless a fault, a cancellation or its age prevents this.
/// </summary>
internal sealed class QueryJob<TQuery>(TQuery query, DateTimeOffset submittedAt, IReadOnlyList<SimulatorFault> faults)
{
    private readonly string? _error = faults.FirstOrDefault(fault => fault.Name == FaultNames.JobFailed) is { } failed
        ? failed.Value ?? "The query could not be completed."
        : null;

    private readonly int _slowPolls = faults.FirstOrDefault(fault => fault.Name == FaultNames.JobSlow)?.Number(20) ?? 0;
    private readonly bool _expires = faults.Any(fault => fault.Name == FaultNames.JobExpired);
    private int _polls;

    public TQuery Query => query;

    public DateTimeOffset SubmittedAt => submittedAt;

    public string? Error => _error;

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
        var polls when polls <= 2 + _slowPolls => "PENDING",
        _ when _error is not null => "FAILED",
        _ when _expires => "EXPIRED",
        _ => "FULFILLED",
    };
}

/// <summary>The cursors of result pages. A cursor contains a plus sign and an equals sign, to expose clients that do not URL-encode the cursor.</summary>
internal static class JobCursor
{
    private const string Page = "page+";
    private const string Again = "again";

    private static int _fresh;

    public static string Of(int page) => string.Create(CultureInfo.InvariantCulture, $"{Page}{page}=");

    /// <summary>Returns a cursor that no earlier page had, for faults. This cursor leads to the first page.</summary>
    public static string Fresh() => string.Create(CultureInfo.InvariantCulture, $"{Again}+{Interlocked.Increment(ref _fresh)}=");

    public static int PageOf(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.StartsWith(Again, StringComparison.Ordinal))
        {
            return 0;
        }

        return cursor.StartsWith(Page, StringComparison.Ordinal)
            && int.TryParse(cursor.AsSpan(Page.Length).TrimEnd('='), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? page
            : throw ApiException.BadRequest($"Value [{cursor}] of cursor is not valid. Use the cursor from the previous page of this job.");
    }
}
