using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>A query that runs in the background, as all replicas know it.</summary>
internal sealed record Job
{
    /// <summary>The maximum number of failed parts that a job names.</summary>
    public const int MaxFailedParts = 100;

    public required string Id { get; init; }

    public required JobOwner Owner { get; init; }

    /// <summary>The query of the job. Its relative times refer to <see cref="CreatedAt"/>.</summary>
    public required JobQuery Query { get; init; }

    /// <summary>Jobs of equal queries have equal keys, whatever the format of their results.</summary>
    public required string QueryKey { get; init; }

    public required Instant From { get; init; }

    public required Instant To { get; init; }

    /// <summary>The interval ends when the job is created, so a later query has newer figures.</summary>
    public required bool EndsNow { get; init; }

    /// <summary>All data of the result was fetched after this instant, or was still fresh then.</summary>
    public required Instant CreatedAt { get; init; }

    public JobState State { get; init; }

    public Instant? StartedAt { get; init; }

    public Instant? EndedAt { get; init; }

    public required JobProgress Progress { get; init; }

    /// <summary>Parts that could not be fetched, at most <see cref="MaxFailedParts"/>.</summary>
    public ImmutableArray<FailedSlice> FailedParts { get; init; } = [];

    /// <summary>The result, or the part of it that has been written; null for a kind of job whose results are computed from the cache.</summary>
    public StoredResult? Result { get; init; }

    /// <summary>Why the job failed.</summary>
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
    /// <summary>The job waits for a replica that runs it.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>A replica is fetching the parts of the job.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>The result can be read. Parts that could not be fetched are named.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>There is no result; the error says why.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The caller canceled the job. Slices that it had fetched stay in the cache.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>The progress of a job.</summary>
/// <param name="Done">
/// Parts that were fetched or given up. For figures, a part is a piece of time for one metric group; for conversations, it is 1 % of them.
/// </param>
/// <param name="Total">All parts of the query.</param>
/// <param name="CallsLeft">Genesys requests that the remaining parts will take, as far as that is known.</param>
internal sealed record JobProgress(int Done, int Total, int CallsLeft);

/// <summary>A result in the <see cref="IJobResultStore"/>.</summary>
/// <param name="Id">The id of the result. Each run of a job has a new one.</param>
internal sealed record StoredResult(string Id, int Blocks, long Bytes);

/// <summary>The caller of a job, in a form that another replica can restore.</summary>
/// <param name="SeesAll">The caller may see all queues; <paramref name="Queues"/> and <paramref name="Divisions"/> are then empty.</param>
internal sealed record JobOwner(string Identity, string Name, CallerScopes Scopes, bool SeesAll, ImmutableArray<string> Queues, ImmutableArray<string> Divisions)
{
    public Caller Caller { get; } = new(Identity, Name, Scopes, SeesAll ? QueueVisibility.All : QueueVisibility.Of(Queues, Divisions));

    public static JobOwner Of(Caller caller) => new(caller.Identity, caller.Name, caller.Scopes, caller.Visibility.IsAll, caller.Visibility.Queues, caller.Visibility.Divisions);
}
