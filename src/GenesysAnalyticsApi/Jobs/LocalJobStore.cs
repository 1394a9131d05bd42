namespace GenesysAnalyticsApi.Jobs;

/// <summary>Stores jobs in the memory of this process. All jobs are lost when the process ends.</summary>
internal sealed class LocalJobStore(IOptions<JobsOptions> options, TimeProvider clock) : IJobStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);

    public bool IsShared => false;

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    public Task<Job> AddAsync(Job job, Func<IReadOnlyList<Job>, JobAdmissionDecision> admit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var (existing, evicted) = admit(Kept());
            if (existing is not null)
            {
                return Task.FromResult(existing);
            }

            foreach (var old in evicted)
            {
                _jobs.Remove(old.Id);
            }

            _jobs[job.Id] = job;
            return Task.FromResult(job);
        }
    }

    public Task<Job?> FindAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_jobs.GetValueOrDefault(id) is { } job && IsKept(job) ? job : null);
        }
    }

    public Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(Kept());
        }
    }

    public Task<bool> SaveAsync(Job job, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var isChangeable = _jobs.GetValueOrDefault(job.Id) is { HasEnded: false };
            if (isChangeable)
            {
                _jobs[job.Id] = job;
            }

            return Task.FromResult(isChangeable);
        }
    }

    public void Forget(string id)
    {
        lock (_gate)
        {
            _jobs.Remove(id);
        }
    }

    /// <summary>Remembers the newest state of a job that another store contains. Does not replace a job that has ended.</summary>
    public void Mirror(Job job)
    {
        lock (_gate)
        {
            if (_jobs.GetValueOrDefault(job.Id) is not { HasEnded: true })
            {
                _jobs[job.Id] = job;
            }
        }
    }

    public Task<IAsyncDisposable?> TryLockAsync(string id, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(new NoLock());

    /// <summary>Deletes the jobs that ended too long ago, and returns the other jobs.</summary>
    private IReadOnlyList<Job> Kept()
    {
        foreach (var job in _jobs.Values.Where(job => !IsKept(job)).ToList())
        {
            _jobs.Remove(job.Id);
        }

        return [.. _jobs.Values];
    }

    private bool IsKept(Job job) => job.EndedAt is not { } ended || Now < ended + Duration.FromTimeSpan(options.Value.Keep);

    /// <summary>A lock that locks nothing, because no other process can run the jobs of this process.</summary>
    private sealed class NoLock : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
