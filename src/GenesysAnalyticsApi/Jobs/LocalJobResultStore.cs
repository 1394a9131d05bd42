using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Slices;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>
/// Stores each result in a file that only this process can read, and that the system deletes when the process ends. The blocks are already compressed.
/// </summary>
internal sealed partial class LocalJobResultStore : IJobResultStore, IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, StoredFile> _files = new(StringComparer.Ordinal);
    private readonly IOptions<JobsOptions> _jobs;
    private readonly IOptions<CacheStorageOptions> _cache;
    private readonly TimeProvider _clock;
    private readonly ILogger<LocalJobResultStore> _logger;
    private readonly ITimer _sweep;

    public LocalJobResultStore(IOptions<JobsOptions> jobs, IOptions<CacheStorageOptions> cache, TimeProvider clock, ILogger<LocalJobResultStore> logger)
    {
        (_jobs, _cache, _clock, _logger) = (jobs, cache, clock, logger);
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>The size of all results on disk, in bytes.</summary>
    public long Size => _files.Values.Sum(file => file.Length);

    public Task<bool> AddAsync(string id, int number, byte[] block, CancellationToken cancellationToken)
    {
        try
        {
            _files.GetOrAdd(id, _ => new StoredFile(UnnamedFile.In(_cache.Value.DirectoryOrTemp()))).Write(number, block);
            return Task.FromResult(true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.Failed(_logger, _cache.Value.DirectoryOrTemp(), failure.Message);
            return Task.FromResult(false);
        }
    }

    public Task<byte[]?> ReadAsync(string id, int number, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(_files.GetValueOrDefault(id)?.Read(number));
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The result was deleted during the read, or the disk is damaged.
            return Task.FromResult<byte[]?>(null);
        }
    }

    public Task<int?> CountAsync(string id, CancellationToken cancellationToken) => Task.FromResult<int?>(_files.GetValueOrDefault(id)?.Count ?? 0);

    public Task KeepAsync(string id)
    {
        if (_files.GetValueOrDefault(id) is { } file)
        {
            file.ExpiresAt = _clock.GetUtcNow() + _jobs.Value.Keep;
        }

        return Task.CompletedTask;
    }

    public Task DeleteAsync(string id)
    {
        if (_files.TryRemove(id, out var file))
        {
            file.Dispose();
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var id in _files.Keys)
        {
            _ = DeleteAsync(id);
        }
    }

    private void Sweep()
    {
        foreach (var (id, _) in _files.Where(pair => pair.Value.ExpiresAt <= _clock.GetUtcNow()))
        {
            _ = DeleteAsync(id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7004, LogLevel.Warning, "A result of a job could not be stored in {Directory} (Cache:Directory): {Reason}. The job waits and tries again")]
        public static partial void Failed(ILogger logger, string directory, string reason);
    }

    private sealed class StoredFile(UnnamedFile file) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly List<(long Offset, int Length)> _blocks = [];

        public long Length => file.Length;

        /// <summary>When the result is deleted; null while the result is being written.</summary>
        public DateTimeOffset? ExpiresAt { get; set; }

        public int Count
        {
            get
            {
                lock (_gate)
                {
                    return _blocks.Count;
                }
            }
        }

        public void Write(int number, byte[] block)
        {
            lock (_gate)
            {
                ArgumentOutOfRangeException.ThrowIfNotEqual(number, _blocks.Count);
                RandomAccess.Write(file.Handle, block, file.Length);
                _blocks.Add((file.Length, block.Length));
                file.Length += block.Length;
            }
        }

        public byte[]? Read(int number)
        {
            (long Offset, int Length) place;
            lock (_gate)
            {
                if (number >= _blocks.Count)
                {
                    return null;
                }

                place = _blocks[number];
            }

            var block = new byte[place.Length];
            return RandomAccess.Read(file.Handle, block, place.Offset) == block.Length ? block : null;
        }

        public void Dispose() => file.Dispose();
    }
}
