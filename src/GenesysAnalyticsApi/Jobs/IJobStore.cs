namespace GenesysAnalyticsApi.Jobs;

/// <summary>Stores jobs, for this replica or for all replicas.</summary>
internal interface IJobStore
{
    /// <summary>Whether other replicas can see and run the jobs.</summary>
    bool IsShared { get; }

    /// <summary>Adds a job, unless an existing job can be used instead.</summary>
    /// <param name="admit">Decides whether the job is added. The store calls it with all existing jobs, and adds no other job during the call.</param>
    /// <returns>The job that was added, or the existing job to use instead.</returns>
    Task<Job> AddAsync(Job job, Func<IReadOnlyList<Job>, JobAdmissionDecision> admit, CancellationToken cancellationToken);

    /// <returns>Null if there is no such job.</returns>
    /// <exception cref="Errors.ProblemException">503: the shared store is unavailable, and another replica might have the job.</exception>
    Task<Job?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All jobs, in no particular order, except the jobs that ended more than <c>Jobs:Keep</c> ago.</summary>
    Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the stored job, unless the stored job has ended: an ended job never changes.</summary>
    /// <returns>False if the stored job has ended, so the change was dropped.</returns>
    Task<bool> SaveAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Takes the right to run a job. Disposing the result releases the right. If this replica dies, another replica can take the right.</summary>
    /// <returns>Null while another replica has the right, or might have it because the shared store is unavailable.</returns>
    Task<IAsyncDisposable?> TryLockAsync(string id, CancellationToken cancellationToken);
}

/// <summary>
/// Stores results of jobs, for this replica or for all replicas. Only results that cannot be computed from the cache are stored. A result consists of
/// numbered blocks. Each run of a job writes a separate result.
/// </summary>
internal interface IJobResultStore
{
    /// <summary>The maximum size of a block.</summary>
    public const int MaxBlockBytes = 1024 * 1024;

    /// <param name="number">The number of the block, from 0.</param>
    /// <returns>False if the block cannot be stored now.</returns>
    Task<bool> AddAsync(string id, int number, byte[] block, CancellationToken cancellationToken);

    /// <returns>Null if the block is not stored, or cannot be read now.</returns>
    Task<byte[]?> ReadAsync(string id, int number, CancellationToken cancellationToken);

    /// <summary>The number of stored blocks of the result; null if the store cannot be read now.</summary>
    Task<int?> CountAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps a complete result until <c>Jobs:Keep</c> has passed from now.</summary>
    Task KeepAsync(string id);

    Task DeleteAsync(string id);
}
