namespace GenesysAnalyticsApi.Jobs;

/// <summary>Stores jobs, for this replica or for all of them.</summary>
internal interface IJobStore
{
    /// <summary>Whether other replicas can see and run the jobs.</summary>
    bool IsShared { get; }

    /// <summary>Adds a job, unless there is one to use instead.</summary>
    /// <param name="admit">Decides. It is called with all jobs, while no other job is added.</param>
    /// <returns>The job that was added or is used instead.</returns>
    Task<Job> AddAsync(Job job, Func<IReadOnlyList<Job>, AdmittedJob> admit, CancellationToken cancellationToken);

    /// <exception cref="Errors.ProblemException">503: the shared store is unavailable, and another replica may have the job.</exception>
    Task<Job?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All jobs, in no order. A job that ended longer than <c>Jobs:Keep</c> ago is forgotten.</summary>
    Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the stored job, unless it has ended: an end is final.</summary>
    /// <returns>False if the job has ended, so that the change was dropped.</returns>
    Task<bool> SaveAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Takes the right to run a job, to be disposed afterwards. It passes to another replica if this one dies.</summary>
    /// <returns>Null while another replica has it.</returns>
    Task<IAsyncDisposable?> TryLeaseAsync(string id, CancellationToken cancellationToken);
}
