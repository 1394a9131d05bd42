using System.Collections.Concurrent;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Redis.Connection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Jobs;

/// <summary>
/// Shares jobs through Redis: one key per job, and a set of all ids. A job is run by the replica that holds its lock.
/// While Redis is unavailable, a replica knows only the jobs that it created or ran itself.
/// </summary>
internal sealed class RedisJobStore(RedisConnection redis, RedisKeys keys, IOptions<JobsOptions> options, TimeProvider clock) : IJobStore
{
    private const string Kind = "job";

    /// <summary>Large, because a query in a body can name a thousand queues.</summary>
    private const int MaxJobBytes = 4 * 1024 * 1024;

    /// <summary>More ids than jobs can exist; another program may have filled the set.</summary>
    private const int MaxIds = 10_000;

    // A job that has ended never changes: a replica that reports progress must not overwrite a cancellation. The first byte says whether a job has ended. The
    // id is added in the same script, because no replica would run a job that is not in the list.
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

    /// <summary>The jobs whose last change did not reach Redis.</summary>
    private readonly ConcurrentDictionary<string, bool> _unshared = new(StringComparer.Ordinal);

    public bool IsShared => true;

    private string IdsKey => keys.Of("jobs");

    public async Task<Job> AddAsync(Job job, Func<IReadOnlyList<Job>, JobAdmissionDecision> admit, CancellationToken cancellationToken)
    {
        await using var turn = await WaitForTurnAsync(cancellationToken);
        var (existing, forgotten) = admit(await ListAsync(cancellationToken));
        if (existing is not null)
        {
            return existing;
        }

        await _local.AddAsync(job, _ => new(null, forgotten), cancellationToken);
        foreach (var old in forgotten)
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
        var local = shared is null || IsOnlyHere(id) ? await _local.FindAsync(id, cancellationToken) : null;

        // A slow Redis must not make a job of another replica look as if it did not exist.
        return shared is null && local is null ? throw new ProblemException(JobProblems.Unavailable()) : local ?? shared!.Value.Job;
    }

    public async Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await redis.ExecuteAsync(database => database.SetRandomMembersAsync(IdsKey, MaxIds), fallback: [], cancellationToken);
        var unfinished = (await _local.ListAsync(cancellationToken)).Where(job => !job.HasEnded).Select(job => job.Id);
        var found = await Task.WhenAll(listed.Select(id => id.ToString()).Union(unfinished, StringComparer.Ordinal).Select(id => ReadListedAsync(id, cancellationToken)));
        var local = (await _local.ListAsync(cancellationToken)).Where(job => IsOnlyHere(job.Id)).ToList();
        foreach (var job in local.Where(_ => redis.Database is not null))
        {
            // Created or changed while Redis was unavailable, or lost by Redis.
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

    // While Redis is unavailable, every replica would get the lock. Only a replica whose last change to the job did not reach Redis may then run it.
    public Task<IAsyncDisposable?> TryLeaseAsync(string id, CancellationToken cancellationToken) => redis.Database is null && !_unshared.ContainsKey(id)
        ? Task.FromResult<IAsyncDisposable?>(null)
        : RedisLock.TryTakeAsync(redis, keys.Of("job-lease", id), RedisLock.Life, clock, note: "", cancellationToken);

    /// <returns>False if the job in Redis has ended. True if Redis is unavailable, because the data that the job fetches is useful in any case.</returns>
    private async Task<bool> ShareAsync(Job job, CancellationToken cancellationToken)
    {
        var life = job.HasEnded ? options.Value.Keep : UnfinishedLife;
        RedisKey[] changed = [KeyOf(job.Id), IdsKey];
        RedisValue[] values = [JobCacheEntry.Write(job), (long)life.TotalMilliseconds, job.Id];
        bool? saved = await redis.ExecuteAsync<bool?>(async database => (int)await database.ScriptEvaluateAsync(Save, changed, values) == 1, fallback: null, cancellationToken);
        if (saved is null)
        {
            _unshared[job.Id] = true;
            return true;
        }

        _unshared.TryRemove(job.Id, out _);
        return saved.Value;
    }

    /// <summary>Whether only this replica has the newest state of the job.</summary>
    private bool IsOnlyHere(string id) => redis.Database is null || _unshared.ContainsKey(id);

    private string KeyOf(string id) => keys.Of(Kind, id);

    /// <summary>
    /// Waits for the lock under which jobs are added. Without it, two replicas that add jobs at the same time could exceed a limit or add equal jobs.
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
            // Nothing deletes a job that has not ended, so Redis has lost its data.
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

        // Otherwise a job that another replica has ended would run again here while Redis is unavailable.
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
