using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>A query that the service runs in the background.</summary>
internal sealed record JobResponse
{
    /// <summary>The id of the job.</summary>
    /// <example>5f0c2b7e9a414d0c8f5f6a3e2b1d4c90</example>
    public required string Id { get; init; }

    /// <summary>What the job reads: <c>aggregates</c> or <c>conversations</c>.</summary>
    /// <example>aggregates</example>
    public required JobKind Kind { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>. The last three are final.</summary>
    /// <example>running</example>
    public required JobState State { get; init; }

    /// <summary>The query of the job, as a query string of GET /aggregates or GET /conversations.</summary>
    /// <example>last=P365D&amp;granularity=PT15M</example>
    public required string Query { get; init; }

    /// <summary>The interval of the query, half-open. Relative times refer to the time at which the job was created.</summary>
    /// <example>2025-11-23T00:00:00Z/2026-11-23T00:00:00Z</example>
    public required string Interval { get; init; }

    /// <summary>When the job was created. The data of the result was fetched later or was still fresh at that time; only if Genesys fails can a result with figures contain stale data.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    public required string CreatedAt { get; init; }

    /// <summary>When a replica first started to run the job; null while the job is queued.</summary>
    /// <example>2026-11-23T09:15:03Z</example>
    public required string? StartedAt { get; init; }

    /// <summary>When the job ended; null until then. The service deletes the job <c>Jobs:Keep</c> (by default an hour) after its end, or earlier if the caller has more than 20 ended jobs.</summary>
    public required string? EndedAt { get; init; }

    /// <summary>The progress of the job.</summary>
    public required JobProgressResponse Progress { get; init; }

    /// <summary>Estimated seconds until the job ends, computed from the pace so far and from the share of the Genesys rate limit that is available for background work. Null when the job has ended.</summary>
    /// <example>75</example>
    public required int? EstimatedSecondsLeft { get; init; }

    /// <summary>The parts of the interval that the job could not fetch, at most 100. For <c>aggregates</c>, a request for the result tries to fetch these parts once more.</summary>
    public required IReadOnlyList<FailedSlice> FailedParts { get; init; }

    /// <summary>Why the job failed; null unless its state is <c>failed</c>.</summary>
    public required JobError? Error { get; init; }

    /// <summary>Addresses of the job.</summary>
    public required JobLinks Links { get; init; }

    /// <summary>How long a caller should wait before it reads the job again.</summary>
    [JsonIgnore]
    public int RetryAfterSeconds => Math.Clamp((EstimatedSecondsLeft ?? 1) / 10, 1, 30);
}

/// <summary>The progress of a job.</summary>
/// <param name="Done" example="269">The number of parts that were fetched or given up. For aggregates, a part is a piece of time for one group of metrics; for conversations, a part is one percent of the conversations.</param>
/// <param name="Total" example="367">The number of all parts.</param>
internal sealed record JobProgressResponse(int Done, int Total);

/// <summary>Why a job failed: a problem, as GET /aggregates or GET /conversations would have returned it.</summary>
/// <param name="Type" example="/problems/genesys-unavailable">The problem type: the path of a page that explains the problem.</param>
/// <param name="Title" example="Genesys Cloud cannot be reached.">The title of the problem type.</param>
/// <param name="Status" example="503">The HTTP status that the response would have had.</param>
/// <param name="Detail" example="Genesys Cloud did not reply.">What happened, and how to fix the problem; null if there is nothing to add to the title.</param>
internal sealed record JobError(string Type, string Title, int Status, string? Detail);

/// <summary>Addresses of a job.</summary>
/// <param name="Self" example="/jobs/5f0c2b7e9a414d0c8f5f6a3e2b1d4c90">The address of the job. A DELETE request to this address cancels the job.</param>
/// <param name="Events" example="/jobs/5f0c2b7e9a414d0c8f5f6a3e2b1d4c90/events">The progress of the job as server-sent events.</param>
/// <param name="Result" example="/jobs/5f0c2b7e9a414d0c8f5f6a3e2b1d4c90/result">The result of the job. The caller chooses its format.</param>
internal sealed record JobLinks(string Self, string Events, string Result);

/// <summary>The jobs of a caller.</summary>
/// <param name="Records">The jobs, with the newest first.</param>
internal sealed record JobsResponse(IReadOnlyList<JobResponse> Records);

/// <summary>Describes jobs for callers, including the estimated time until each job ends.</summary>
internal sealed class JobResponses(IJobStore store, GenesysRateLimiter limiter, TimeProvider clock)
{
    private static readonly TimeSpan ListLifetime = TimeSpan.FromSeconds(1);

    private volatile Listing? _list;

    public async Task<JobResponse> OfAsync(Job job, CancellationToken cancellationToken) => Of(job, job.HasEnded ? [] : await ListAsync(cancellationToken));

    /// <param name="all">The jobs of all callers. They share the rate limit, so they affect the estimate.</param>
    public JobResponse Of(Job job, IReadOnlyList<Job> all)
    {
        var self = $"/jobs/{job.Id}";
        return new JobResponse
        {
            Id = job.Id,
            Kind = job.Query.Kind,
            State = job.State,
            Query = job.Query.Text,
            Interval = $"{InstantFormat.Print(job.From)}/{InstantFormat.Print(job.To)}",
            CreatedAt = InstantFormat.PrintSeconds(job.CreatedAt),
            StartedAt = job.StartedAt is { } started ? InstantFormat.PrintSeconds(started) : null,
            EndedAt = job.EndedAt is { } ended ? InstantFormat.PrintSeconds(ended) : null,
            Progress = new(job.Progress.Done, job.Progress.Total),
            EstimatedSecondsLeft = job.HasEnded ? null : (int)Math.Ceiling(TimeLeft(job, all).TotalSeconds),
            FailedParts = job.FailedParts,
            Error = job.Error is { } error ? new($"/problems/{error.Name}", error.Title, error.Status, error.Detail) : null,
            Links = new(self, $"{self}/events", $"{self}/result"),
        };
    }

    /// <summary>Lists all jobs. The list is cached for a second, because each event stream needs it once a second.</summary>
    private async Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken)
    {
        if (_list is { } known && clock.GetElapsedTime(known.At) < ListLifetime)
        {
            return known.Jobs;
        }

        var listing = new Listing(await store.ListAsync(cancellationToken), clock.GetTimestamp());
        _list = listing;
        return listing.Jobs;
    }

    /// <summary>
    /// Estimates the time until the job ends. Assumes that every other job gets as many Genesys requests as this job, until the other job needs no more.
    /// </summary>
    private TimeSpan TimeLeft(Job job, IReadOnlyList<Job> all)
    {
        var calls = all.Where(other => !other.HasEnded && other.Id != job.Id).Sum(other => Math.Min(other.Progress.CallsLeft, job.Progress.CallsLeft)) + job.Progress.CallsLeft;
        var byLimit = limiter.State.WaitFor(calls);
        var byPace = job is { StartedAt: { } started, Progress: { Done: > 0 } progress }
            ? (Instant.FromDateTimeOffset(clock.GetUtcNow()) - started).ToTimeSpan() / progress.Done * (progress.Total - progress.Done)
            : TimeSpan.FromSeconds(1);
        return byLimit > byPace ? byLimit : byPace;
    }

    private sealed record Listing(IReadOnlyList<Job> Jobs, long At);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobResponse))]
[JsonSerializable(typeof(JobsResponse))]
internal sealed partial class JobsJson : JsonSerializerContext;
