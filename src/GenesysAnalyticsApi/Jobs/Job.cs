using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>A query that the service runs in the background, in the form that all replicas share.</summary>
internal sealed record Job
{
    /// <summary>The maximum number of failed parts that a job lists.</summary>
    public const int MaxFailedParts = 100;

    public required string Id { get; init; }

    public required JobOwner Owner { get; init; }

    /// <summary>The query of the job. Its relative times refer to <see cref="CreatedAt"/>.</summary>
    public required JobQuery Query { get; init; }

    /// <summary>Identifies the query. Jobs with equal queries have equal keys, whatever the format of their results.</summary>
    public required string QueryKey { get; init; }

    public required Instant From { get; init; }

    public required Instant To { get; init; }

    /// <summary>Whether the interval ends at the time at which the job was created, so the same query returns newer figures later.</summary>
    public required bool EndsNow { get; init; }

    /// <summary>
    /// The time from which the freshness of the result is computed. All data of the result was fetched after this instant or was still fresh then, unless
    /// Genesys failed: then a result with figures can contain stale data.
    /// </summary>
    public required Instant CreatedAt { get; init; }

    public JobState State { get; init; }

    public Instant? StartedAt { get; init; }

    public Instant? EndedAt { get; init; }

    public required JobProgress Progress { get; init; }

    /// <summary>The slices or, for conversations, the pieces of the interval that could not be fetched; at most <see cref="MaxFailedParts"/>.</summary>
    public ImmutableArray<FailedSlice> FailedParts { get; init; } = [];

    /// <summary>
    /// The stored result, or the part of the result that has been written so far. Null if nothing is stored. A job for figures never has a stored
    /// result, because its result is computed from the cache.
    /// </summary>
    public StoredResult? Result { get; init; }

    /// <summary>Why the job failed; null unless the job has failed.</summary>
    public Problem? Error { get; init; }

    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    public bool IsOf(Caller caller) => Owner.Identity == caller.Identity && Owner.Caller.Visibility.Key == caller.Visibility.Key;

    /// <param name="state">One of the final states.</param>
    public Job End(JobState state, Instant now, Problem? error = null) => this with
    {
        State = state,
        EndedAt = now,
        Error = error,
        Progress = Progress with { CallsLeft = 0 },
        Result = state == JobState.Succeeded ? Result : null,
    };
}

/// <summary>The states of a job; the last three are final.</summary>
internal enum JobState
{
    /// <summary>The job is waiting for a replica to run it.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>A replica is fetching the parts of the job.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>The result can be read. <see cref="Job.FailedParts"/> lists what the result lacks.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>There is no result; <see cref="Job.Error"/> says why.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The caller canceled the job. Slices that the job had fetched stay in the cache.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>The progress of a job.</summary>
/// <param name="Done">
/// The number of parts that were fetched or given up. For figures, a part is a piece of time for one metric group; for conversations, a part is 1 % of the
/// conversations.
/// </param>
/// <param name="Total">The number of all parts of the query.</param>
/// <param name="CallsLeft">The estimated number of Genesys requests for the remaining parts.</param>
internal sealed record JobProgress(int Done, int Total, int CallsLeft);

/// <summary>A result in the <see cref="IJobResultStore"/>, as far as it has been written.</summary>
/// <param name="Id">The id of the result. Each run of a job creates a new id.</param>
internal sealed record StoredResult(string Id, int Blocks, long Bytes);

/// <summary>The caller of a job, in a form that another replica can restore.</summary>
/// <param name="SeesAll">Whether the caller can see all queues. If true, <paramref name="Queues"/> and <paramref name="Divisions"/> are empty.</param>
internal sealed record JobOwner(string Identity, string Name, CallerScopes Scopes, bool SeesAll, ImmutableArray<string> Queues, ImmutableArray<string> Divisions)
{
    public Caller Caller { get; } = new(Identity, Name, Scopes, SeesAll ? QueueVisibility.All : QueueVisibility.Of(Queues, Divisions));

    public static JobOwner Of(Caller caller) => new(caller.Identity, caller.Name, caller.Scopes, caller.Visibility.IsAll, caller.Visibility.Queues, caller.Visibility.Divisions);
}
