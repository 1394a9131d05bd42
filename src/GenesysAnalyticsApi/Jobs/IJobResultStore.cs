namespace GenesysAnalyticsApi.Jobs;

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
