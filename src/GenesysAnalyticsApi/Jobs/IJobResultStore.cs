namespace GenesysAnalyticsApi.Jobs;

/// <summary>
/// Stores results of jobs that cannot be computed from the cache, for this replica or for all of them. A result is a number of blocks; each run of a job writes its own.
/// </summary>
internal interface IJobResultStore
{
    /// <summary>The largest block.</summary>
    public const int MaxBlockBytes = 1024 * 1024;

    /// <param name="number">From 0.</param>
    /// <returns>False if the block cannot be stored now.</returns>
    Task<bool> AddAsync(string id, int number, byte[] block, CancellationToken cancellationToken);

    /// <returns>Null if the block is not stored, or cannot be read now.</returns>
    Task<byte[]?> ReadAsync(string id, int number, CancellationToken cancellationToken);

    /// <summary>How many blocks of the result are stored; null if that cannot be found out now.</summary>
    Task<int?> CountAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps a result that is complete for <c>Jobs:Keep</c>, from now on.</summary>
    Task KeepAsync(string id);

    Task DeleteAsync(string id);
}
