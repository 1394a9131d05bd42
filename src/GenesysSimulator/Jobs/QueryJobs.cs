using System.Globalization;
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
