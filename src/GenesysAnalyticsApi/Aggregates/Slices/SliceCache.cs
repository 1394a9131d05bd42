using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Stores slices in memory, up to <c>Cache:MaxBytes</c>, and in Redis if replicas share a server. Without Redis, slices of jobs are also stored on disk.
/// This class only stores and finds slices. Other classes decide which slices are fetched and how long they are fresh, so the factory, fail-safe and
/// timeouts of FusionCache are not used.
/// </summary>
internal sealed class SliceCache : IDisposable
{
    // The maximum time for which a slice is stored. An entry from Redis keeps its own, earlier expiry.
    private static readonly FusionCacheEntryOptions BothLevels = new(TimeSpan.FromDays(7)) { ReThrowSerializationExceptions = false };
    private static readonly FusionCacheEntryOptions MemoryOnly = BothLevels.Duplicate().SetSkipDistributedCacheRead(true);
    private static readonly FusionCacheEntryOptions RedisOnly = BothLevels.Duplicate().SetSkipMemoryCacheRead(true);

    private readonly MemoryCache _memory;
    private readonly FusionCache _cache;
    private readonly TimeProvider _clock;
    private readonly ISliceReplication _replication;
    private readonly SliceDiskStore? _disk;
    private int _splits;

    /// <param name="distributed">Null for a replica that works alone; then <paramref name="serializer"/> and <paramref name="backplane"/> are null too.</param>
    public SliceCache(
        IOptions<CacheStorageOptions> options, TimeProvider clock, ISliceReplication replication, SliceDiskStore? spill = null, IDistributedCache? distributed = null,
        IFusionCacheSerializer? serializer = null, IFusionCacheBackplane? backplane = null)
    {
        // Slices in Redis need not be on disk.
        _disk = distributed is null ? spill : null;
        _clock = clock;
        _replication = replication;
        _memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxBytes, TrackStatistics = true });

        // FusionCache gets no logger: it would log for each slice that Redis is unavailable. The connection logs this once.
        _cache = new FusionCache(
            new FusionCacheOptions
            {
                CacheName = "slices",
                CacheKeyPrefix = replication.KeyPrefix,
                BackplaneChannelPrefix = replication.ChannelPrefix,
                // The value starts with its own version, so the key needs none.
                DistributedCacheKeyModifierMode = CacheKeyModifierMode.None,
                WaitForInitialBackplaneSubscribe = false,
                EnableAutoRecovery = false,
                EnableBestPracticesAdvisor = false,
                DisableTagging = true,
            },
            _memory);
        if (distributed is not null && serializer is not null)
        {
            _cache.SetupDistributedCache(distributed, serializer);
        }

        if (backplane is not null)
        {
            _cache.SetupBackplane(backplane);
        }
    }

    /// <summary>The splits of all slices that were ever stored or found: one bit for each set of dimensions except the empty set.</summary>
    public int Splits => Volatile.Read(ref _splits);

    public MemoryCacheStatistics Statistics => _memory.GetCurrentStatistics()!;

    /// <summary>
    /// Looks in memory, then in Redis or on disk. Stores a slice from Redis in memory, but not a slice from disk, because slices of jobs would displace slices
    /// that dashboards need.
    /// </summary>
    public async ValueTask<CachedSlice?> FindAsync(SliceKey key, CancellationToken cancellationToken) =>
        await ValidateAsync(key, await _cache.TryGetAsync<CachedSlice>(key.Text, BothLevels, cancellationToken))
        ?? (_disk?.Find(key) is { } stored ? await ValidateAsync(key, MaybeValue<CachedSlice>.FromValue(stored)) : null);

    public CachedSlice? FindInMemory(SliceKey key) => FindInMemory(key.Text) is { } slice && Matches(key, slice) ? slice : null;

    /// <param name="text"><see cref="SliceKey.Text"/>, for callers that compute this text once.</param>
    public CachedSlice? FindInMemory(string text) => Accept(_cache.TryGet<CachedSlice>(text, MemoryOnly));

    /// <summary>
    /// Looks in Redis even if memory contains the slice, because another replica might just have stored a newer one. The method is cheap enough for polling: it
    /// usually reads only the fetch time.
    /// </summary>
    public async ValueTask<CachedSlice?> FindSharedAsync(SliceKey key, QueueSet needed, CancellationToken cancellationToken)
    {
        if (await _replication.FetchTimeOfAsync(key.Text, cancellationToken) is not { } fetchedAt)
        {
            return null;
        }

        // A slice that was completed with further queues keeps the time of its first fetch, so the queues are compared too.
        return FindInMemory(key) is { } local && local.FetchedAt >= fetchedAt && needed.Without(local.RequestedQueues).Ids.IsEmpty
            ? local
            : await ValidateAsync(key, await _cache.TryGetAsync<CachedSlice>(key.Text, RedisOnly, cancellationToken));
    }

    /// <summary>Stores the slice unless a newer one is stored already.</summary>
    /// <param name="memoryOnly">Whether to store the slice only in memory, because other replicas do not need it.</param>
    /// <param name="isOfJob">Whether the slice was fetched for a job. If memory is short, slices of jobs are removed before slices of queries.</param>
    public async Task StoreAsync(SliceKey key, CachedSlice slice, TimeSpan life, bool memoryOnly, bool isOfJob = false)
    {
        if (FindInMemory(key)?.FetchedAt > slice.FetchedAt)
        {
            return;
        }

        // A shared slice that claims to be newer but is invalid is replaced.
        if (!memoryOnly && await _replication.FetchTimeOfAsync(key.Text, CancellationToken.None) > slice.FetchedAt
            && await FindSharedAsync(key, slice.RequestedQueues, CancellationToken.None) is not null)
        {
            return;
        }

        RecordSplit(key);
        var options = BothLevels.Duplicate(life).SetSize(slice.Size).SetSkipDistributedCacheWrite(memoryOnly, skipBackplaneNotifications: memoryOnly);
        if (isOfJob)
        {
            options.SetPriority(CacheItemPriority.Low);
        }

        await _cache.SetAsync(key.Text, slice, options);
    }

    /// <summary>Also stores the slice on disk. Does nothing if replicas share Redis.</summary>
    public void Spill(SliceKey key, CachedSlice slice) => _disk?.Store(key, slice);

    public void Dispose()
    {
        _cache.Dispose();
        _memory.Dispose();
    }

    /// <summary>Returns the slice if it matches its key. Removes a valid slice that is stored under the key of another interval or split.</summary>
    private async ValueTask<CachedSlice?> ValidateAsync(SliceKey key, MaybeValue<CachedSlice> found)
    {
        if (Accept(found) is not { } slice)
        {
            return null;
        }

        if (Matches(key, slice))
        {
            RecordSplit(key);
            return slice;
        }

        _replication.ReportInvalidSlice("belongs to another interval or split");
        await _cache.RemoveAsync(key.Text);
        return null;
    }

    private void RecordSplit(SliceKey key)
    {
        if (key.Dimensions != Dimensions.None)
        {
            Interlocked.Or(ref _splits, 1 << (int)key.Dimensions);
        }
    }

    // The serializer has checked the edges between the first and the last one.
    private static bool Matches(SliceKey key, CachedSlice slice) =>
        slice.Facts.Edges.Length == key.BucketCount + 1 && slice.Facts.Edges[0] == key.From && slice.Facts.Edges[^1] == key.To
        && (slice.Facts.Series is not [var series, ..] || (series.Values?.Set ?? Dimensions.None) == key.Dimensions);

    /// <summary>
    /// Ignores a slice whose fetch time is in the future. The clock was then set back after the fetch, so the age of the slice is unknown, and the slice would
    /// stay fresh too long.
    /// </summary>
    private CachedSlice? Accept(MaybeValue<CachedSlice> found) =>
        found.HasValue && found.Value.FetchedAt <= Instant.FromDateTimeOffset(_clock.GetUtcNow()) ? found.Value : null;
}
