using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Jobs.Work;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Redis.Jobs;

/// <summary>
/// The form in which a job is stored in Redis. Times are not converted between the clocks of replicas: all replicas must compute the same interval from a
/// relative time and <see cref="CreatedAt"/>.
/// </summary>
internal sealed record JobCacheEntry
{
    /// <summary>The first byte of the value of a job that has ended.</summary>
    public const char EndMark = '1';

    /// <summary>The version of a job for figures. Every version of the service with jobs can read such an entry.</summary>
    private const int AggregatesVersion = 1;

    /// <summary>The version of a job for conversations.</summary>
    private const int ConversationsVersion = 2;

    private const int MaxTextLength = 4_096;

    /// <summary>The version of the entry. Entries with an unknown version are ignored.</summary>
    public int Version { get; init; }

    public required string Id { get; init; }

    public required string Identity { get; init; }

    public required string Name { get; init; }

    public required CallerScopes Scopes { get; init; }

    public required bool SeesAll { get; init; }

    public required string[] Queues { get; init; }

    public required string[] Divisions { get; init; }

    /// <summary>Null for a job for conversations. The JSON always contains this member, because earlier versions of the service require it.</summary>
    public required AggregatesParameters? Parameters { get; init; }

    public ConversationsParameters? Conversations { get; init; }

    public required string QueryKey { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    public required bool EndsNow { get; init; }

    public required long CreatedAt { get; init; }

    public required JobState State { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public required JobProgress Progress { get; init; }

    public required FailedSlice[] FailedParts { get; init; }

    public StoredResult? Result { get; init; }

    public string? ErrorName { get; init; }

    public int ErrorStatus { get; init; }

    public string? ErrorDetail { get; init; }

    /// <summary>The first byte says whether the job has ended (<see cref="EndMark"/>), so a script in Redis need not parse the JSON that follows.</summary>
    public static byte[] Write(Job job) =>
        [(byte)(job.HasEnded ? EndMark : '0'), .. JsonSerializer.SerializeToUtf8Bytes(Pack(job), JobCacheJson.Default.JobCacheEntry)];

    /// <returns>
    /// Null, without a fault, for an entry with an unknown version: two versions of the service can run at the same time during a rollout. Null, with a fault,
    /// for a value that no replica could have written.
    /// </returns>
    public static Job? Read(byte[] bytes, string id, out string? fault)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(bytes.AsSpan(1), JobCacheJson.Default.JobCacheEntry);
            fault = entry is null ? "empty" : entry.IsKnown ? entry.Validate(id) : null;
            return fault is null && entry!.IsKnown ? entry.Unpack() : null;
        }
        catch (Exception invalid) when (invalid is JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            fault = "unreadable";
            return null;
        }
    }

    private static JobCacheEntry Pack(Job job) => new()
    {
        Version = job.Query is AggregatesJobQuery ? AggregatesVersion : ConversationsVersion,
        Id = job.Id,
        Identity = job.Owner.Identity,
        Name = job.Owner.Name,
        Scopes = job.Owner.Scopes,
        SeesAll = job.Owner.SeesAll,
        Queues = [.. job.Owner.Queues],
        Divisions = [.. job.Owner.Divisions],
        Parameters = (job.Query as AggregatesJobQuery)?.Parameters,
        Conversations = (job.Query as ConversationsJobQuery)?.Parameters,
        QueryKey = job.QueryKey,
        From = job.From.ToUnixTimeTicks(),
        To = job.To.ToUnixTimeTicks(),
        EndsNow = job.EndsNow,
        CreatedAt = job.CreatedAt.ToUnixTimeTicks(),
        State = job.State,
        StartedAt = job.StartedAt?.ToUnixTimeTicks(),
        EndedAt = job.EndedAt?.ToUnixTimeTicks(),
        Progress = job.Progress,
        FailedParts = [.. job.FailedParts],
        Result = job.Result,
        ErrorName = job.Error?.Name,
        ErrorStatus = job.Error?.Status ?? 0,
        ErrorDetail = job.Error?.Detail,
    };

    /// <summary>Does not check the parameters of the query. They are checked when the job runs, by the same rules as the parameters of a request.</summary>
    private string? Validate(string id) =>
        Id != id ? "stored under another id"
        : !Enum.IsDefined(State) ? "in an unknown state"
        : (State >= JobState.Succeeded) != EndedAt is not null ? "has an end time that contradicts its state"
        : Progress is not { Done: >= 0, CallsLeft: >= 0 } || Progress.Total < Progress.Done ? "has impossible progress"
        : new[] { From, To, CreatedAt, StartedAt ?? 0, EndedAt ?? 0 }.Any(time => time < Instant.MinValue.ToUnixTimeTicks() || time > Instant.MaxValue.ToUnixTimeTicks()) ? "has an invalid time"
        : (Parameters is null) == (Conversations is null) ? "does not have exactly one query"
        : Result is not null && (Result is not { Blocks: >= 0, Bytes: >= 0 } || !Guid.TryParseExact(Result.Id, "N", out _)) ? "has an impossible result"
        : Queues is null || Divisions is null || FailedParts is null || FailedParts.Length > Job.MaxFailedParts ? "incomplete"
        : !Texts().All(text => UnicodeText.IsValid(text, MaxTextLength)) ? "has invalid text"
        : ErrorName is not null && !ProblemType.All.Any(type => type.Name == ErrorName && type.Statuses.Contains(ErrorStatus)) ? "has an unknown error"
        : null;

    private bool IsKnown => Version is AggregatesVersion or ConversationsVersion;

    private IEnumerable<string?> Texts() =>
    [
        Identity, Name, QueryKey, ErrorDetail ?? "", .. Queues, .. Divisions,
        .. FailedParts.SelectMany(part => part is null ? [null] : new string?[] { part.From, part.To, part.Granularity ?? "", part.Reason }),
    ];

    private Job Unpack() => new()
    {
        Id = Id,
        Owner = new(Identity, Name, Scopes, SeesAll, [.. Queues], [.. Divisions]),
        Query = Parameters is not null ? new AggregatesJobQuery(Parameters) : new ConversationsJobQuery(Conversations!),
        QueryKey = QueryKey,
        From = Instant.FromUnixTimeTicks(From),
        To = Instant.FromUnixTimeTicks(To),
        EndsNow = EndsNow,
        CreatedAt = Instant.FromUnixTimeTicks(CreatedAt),
        State = State,
        StartedAt = StartedAt is { } started ? Instant.FromUnixTimeTicks(started) : null,
        EndedAt = EndedAt is { } ended ? Instant.FromUnixTimeTicks(ended) : null,
        Progress = Progress,
        FailedParts = [.. FailedParts],
        Result = Result,
        Error = ErrorName is null ? null : ProblemType.All.First(type => type.Name == ErrorName).WithDetail(ErrorStatus, ErrorDetail),
    };
}

[JsonSerializable(typeof(JobCacheEntry))]
internal sealed partial class JobCacheJson : JsonSerializerContext;
