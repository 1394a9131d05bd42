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
