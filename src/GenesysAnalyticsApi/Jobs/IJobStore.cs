namespace GenesysAnalyticsApi.Jobs;

/// <summary>Stores jobs, for this replica or for all replicas.</summary>
internal interface IJobStore
{
    /// <summary>Whether other replicas can see and run the jobs.</summary>
    bool IsShared { get; }

    /// <summary>Adds a job, unless an existing one can be used instead.</summary>
    /// <param name="admit">Decides whether the job is added. It is called with all jobs, while no other job can be added.</param>
    /// <returns>The job that was added or is used instead.</returns>
    Task<Job> AddAsync(Job job, Func<IReadOnlyList<Job>, JobAdmissionDecision> admit, CancellationToken cancellationToken);

    /// <exception cref="Errors.ProblemException">503: the shared store is unavailable, and another replica may have the job.</exception>
    Task<Job?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All jobs, in no particular order. A job that ended longer than <c>Jobs:Keep</c> ago has been deleted.</summary>
    Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the stored job, unless it has ended: a job that has ended never changes.</summary>
    /// <returns>False if the job has ended. The change was dropped then.</returns>
    Task<bool> SaveAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Takes the right to run a job. Disposing the result releases the right. If this replica dies, another one can take it.</summary>
    /// <returns>Null while another replica has the right.</returns>
    Task<IAsyncDisposable?> TryLeaseAsync(string id, CancellationToken cancellationToken);
}
