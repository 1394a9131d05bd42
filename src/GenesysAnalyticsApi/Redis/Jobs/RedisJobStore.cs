using System.Collections.Concurrent;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Jobs;

/// <summary>
/// Shares jobs through Redis: one key per job, and a set of all ids. The replica that holds the lock of a job runs the job.
/// While Redis is unavailable, a replica knows only the jobs that it has created, run or read from Redis before.
/// </summary>
internal sealed class RedisJobStore(RedisConnection redis, RedisKeys keys, IOptions<JobsOptions> options, TimeProvider clock) : IJobStore
{
    private const string Kind = "job";

    /// <summary>The maximum size of a job. It is large, because a query in a body can name a thousand queues.</summary>
    private const int MaxJobBytes = 4 * 1024 * 1024;

    /// <summary>The maximum number of ids that are read from the set, because another program might have filled the set.</summary>
    private const int MaxIds = 10_000;

    // A job that has ended never changes: a replica that reports progress must not overwrite a cancellation. The first byte says whether a job has ended. The
    // same script adds the id to the set, because no replica would run a job that is not in the set.
    private static readonly string Save =
        $"""
        if redis.call('getrange', KEYS[1], 0, 0) == '{JobCacheEntry.EndMark}' then return 0 end
        redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
        redis.call('sadd', KEYS[2], ARGV[3])
        return 1
        """;

    /// <summary>How long an unfinished job is kept if all replicas have died.</summary>
    private static readonly TimeSpan UnfinishedLife = TimeSpan.FromDays(1);

    private static readonly TimeSpan AddPause = TimeSpan.FromMilliseconds(50);

    private readonly LocalJobStore _local = new(options, clock);

    /// <summary>The ids of the jobs whose newest state is not in Redis: the last change did not reach Redis, or Redis has lost the job.</summary>
    private readonly ConcurrentDictionary<string, bool> _unshared = new(StringComparer.Ordinal);

    public bool IsShared => true;

    private string IdsKey => keys.Of("jobs");

    public async Task<Job> AddAsync(Job job, Func<IReadOnlyList<Job>, JobAdmissionDecision> admit, CancellationToken cancellationToken)
    {
        await using var turn = await WaitForTurnAsync(cancellationToken);
        var (existing, evicted) = admit(await ListAsync(cancellationToken));
        if (existing is not null)
        {
            return existing;
        }

        await _local.AddAsync(job, _ => new(null, evicted), cancellationToken);
        foreach (var old in evicted)
        {
            await redis.ExecuteAsync(database => database.KeyDeleteAsync(KeyOf(old.Id)), fallback: false, cancellationToken);
        }

        await ShareAsync(job, cancellationToken);
        return job;
    }

    public async Task<Job?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "N", out _))
        {
            return null;
        }

        var shared = await ReadAsync(id, cancellationToken);
        var local = shared is null || UsesLocalState(id) ? await _local.FindAsync(id, cancellationToken) : null;

        // A slow Redis must not make a job of another replica look as if it did not exist.
        return shared is null && local is null ? throw new ProblemException(JobProblems.Unavailable()) : local ?? shared!.Value.Job;
    }

    public async Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await redis.ExecuteAsync(database => database.SetRandomMembersAsync(IdsKey, MaxIds), fallback: [], cancellationToken);
        var unfinished = (await _local.ListAsync(cancellationToken)).Where(job => !job.HasEnded).Select(job => job.Id);
        var found = await Task.WhenAll(listed.Select(id => id.ToString()).Union(unfinished, StringComparer.Ordinal).Select(id => ReadListedAsync(id, cancellationToken)));
        var local = (await _local.ListAsync(cancellationToken)).Where(job => UsesLocalState(job.Id)).ToList();
        foreach (var job in local.Where(_ => redis.Database is not null))
        {
            // The job was created or changed while Redis was unavailable, or Redis has lost the job.
            await ShareAsync(job, cancellationToken);
        }

        return [.. local.Concat(found.OfType<Job>()).DistinctBy(job => job.Id)];
    }

    public async Task<bool> SaveAsync(Job job, CancellationToken cancellationToken)
    {
        var isSaved = await ShareAsync(job, cancellationToken);
        if (isSaved)
        {
            _local.Mirror(job);
        }

        return isSaved;
    }

    // While Redis is unavailable, every replica would get the lock. At such times, only a replica with a newer state of the job than Redis can run the job.
    public Task<IAsyncDisposable?> TryLockAsync(string id, CancellationToken cancellationToken) => redis.Database is null && !_unshared.ContainsKey(id)
        ? Task.FromResult<IAsyncDisposable?>(null)
        : RedisLock.TryTakeAsync(redis, keys.Of("job-lease", id), RedisLock.Life, clock, note: "", cancellationToken);

    /// <returns>
    /// False if the job in Redis has ended. True if the job was stored, or if Redis is unavailable, because the data that the job fetches is useful anyway.
    /// </returns>
    private async Task<bool> ShareAsync(Job job, CancellationToken cancellationToken)
    {
        var life = job.HasEnded ? options.Value.Keep : UnfinishedLife;
        RedisKey[] changedKeys = [KeyOf(job.Id), IdsKey];
        RedisValue[] values = [JobCacheEntry.Write(job), (long)life.TotalMilliseconds, job.Id];
        bool? saved = await redis.ExecuteAsync<bool?>(async database => (int)await database.ScriptEvaluateAsync(Save, changedKeys, values) == 1, fallback: null, cancellationToken);
        if (saved is null)
        {
            _unshared[job.Id] = true;
            return true;
        }

        _unshared.TryRemove(job.Id, out _);
        return saved.Value;
    }

    /// <summary>Whether the local state of the job is to be used, because Redis is unavailable or does not have the newest state.</summary>
    private bool UsesLocalState(string id) => redis.Database is null || _unshared.ContainsKey(id);

    private string KeyOf(string id) => keys.Of(Kind, id);

    /// <summary>
    /// Waits for the lock under which jobs are added. Without the lock, two replicas that add jobs at the same time could exceed a limit or add equal jobs.
    /// </summary>
    private async Task<IAsyncDisposable> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await RedisLock.TryTakeAsync(redis, keys.Of("jobs-turn"), RedisLock.Life, clock, note: "", cancellationToken) is { } turn)
            {
                return turn;
            }

            await Task.Delay(AddPause, clock, cancellationToken);
        }
    }

    private async Task<Job?> ReadListedAsync(string id, CancellationToken cancellationToken)
    {
        var read = Guid.TryParseExact(id, "N", out _) ? await ReadAsync(id, cancellationToken) : new StoredJob(null, IsAbsent: true);
        if (read is { IsAbsent: true })
        {
            await redis.ExecuteAsync(database => database.SetRemoveAsync(IdsKey, id), fallback: false, cancellationToken);
        }

        return read?.Job;
    }

    /// <returns>Null if Redis is unavailable.</returns>
    private async Task<StoredJob?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        // One byte more than allowed is enough to see that the value is too large.
        var value = await redis.ExecuteAsync<RedisValue?>(async database => await database.StringGetRangeAsync(KeyOf(id), 0, MaxJobBytes), fallback: null, cancellationToken);
        if (value is not { } stored)
        {
            return null;
        }

        if ((byte[]?)stored is not { Length: > 0 } bytes)
        {
            // No replica deletes a job that has not ended, so Redis has lost the job.
            if (await _local.FindAsync(id, cancellationToken) is { HasEnded: false })
            {
                _unshared[id] = true;
            }
            else if (!_unshared.ContainsKey(id))
            {
                _local.Forget(id);
            }

            return new StoredJob(null, IsAbsent: true);
        }

        var fault = $"larger than {MaxJobBytes} bytes";
        var job = bytes.Length > MaxJobBytes ? null : JobCacheEntry.Read(bytes, id, out fault);
        if (fault is not null)
        {
            await redis.DeleteInvalidAsync(KeyOf(id), Kind, fault);
        }

        // Without the local copy, this replica would run a job again that another replica has ended, as soon as Redis is unavailable.
        if (job is { HasEnded: true } || (job is not null && !_unshared.ContainsKey(id)))
        {
            _local.Mirror(job);
        }
        else if (fault is not null)
        {
            _local.Forget(id);
        }

        return new StoredJob(job, IsAbsent: fault is not null);
    }

    /// <param name="Job">Null if Redis has no such job, or if this version of the service cannot read it.</param>
    /// <param name="IsAbsent">Whether Redis has no such job.</param>
    private readonly record struct StoredJob(Job? Job, bool IsAbsent);
}
