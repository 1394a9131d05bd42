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
/// Stores slices in memory, up to <c>Cache:MaxBytes</c>, and in Redis if replicas share it. This class only stores and finds slices. Other classes decide
/// which of them are fetched and fresh, so the factory, fail-safe and timeouts of FusionCache are off.
/// </summary>
internal sealed class SliceCache : IDisposable
{
    // The longest time for which a slice is stored. An entry from Redis has its own, earlier expiry.
    private static readonly FusionCacheEntryOptions BothLevels = new(TimeSpan.FromDays(7)) { ReThrowSerializationExceptions = false };
    private static readonly FusionCacheEntryOptions MemoryOnly = BothLevels.Duplicate().SetSkipDistributedCacheRead(true);
    private static readonly FusionCacheEntryOptions RedisOnly = BothLevels.Duplicate().SetSkipMemoryCacheRead(true);

    private readonly MemoryCache _memory;
    private readonly FusionCache _cache;
    private readonly TimeProvider _clock;
    private readonly ISliceReplication _replication;
    private readonly SliceDiskStore? _spill;
    private int _splits;

    /// <param name="distributed">Null for a replica that works alone; then <paramref name="serializer"/> and <paramref name="backplane"/> are null too.</param>
    public SliceCache(
        IOptions<CacheOptions> options, TimeProvider clock, ISliceReplication replication, SliceDiskStore? spill = null, IDistributedCache? distributed = null,
        IFusionCacheSerializer? serializer = null, IFusionCacheBackplane? backplane = null)
    {
        // Slices in Redis need not be on disk.
        _spill = distributed is null ? spill : null;
        _clock = clock;
        _replication = replication;
        _memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxBytes, TrackStatistics = true });

        // No logger: the connection logs once that Redis is unavailable; FusionCache would log it for each slice.
        _cache = new FusionCache(
            new FusionCacheOptions
            {
                CacheName = "slices",
                CacheKeyPrefix = replication.KeyPrefix,
                BackplaneChannelPrefix = replication.ChannelPrefix,
                // The value starts with its own version; the key needs none.
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

    /// <summary>The splits of all slices that were ever in memory: one bit for each set of dimensions except the empty one.</summary>
    public int Splits => Volatile.Read(ref _splits);

    public MemoryCacheStatistics Statistics => _memory.GetCurrentStatistics()!;

    /// <summary>
    /// Looks in memory, then in Redis or on disk. Stores a slice from Redis in memory, but not a slice from disk, because slices of jobs would displace slices
    /// that dashboards need.
    /// </summary>
    public async ValueTask<CachedSlice?> FindAsync(SliceKey key, CancellationToken cancellationToken) =>
        await ValidateAsync(key, await _cache.TryGetAsync<CachedSlice>(key.Text, BothLevels, cancellationToken))
        ?? (_spill?.Find(key) is { } spilled ? await ValidateAsync(key, MaybeValue<CachedSlice>.FromValue(spilled)) : null);

    public CachedSlice? FindInMemory(SliceKey key) => FindInMemory(key.Text) is { } slice && Matches(key, slice) ? slice : null;

    /// <param name="text"><see cref="SliceKey.Text"/>, for callers that compute it once.</param>
    public CachedSlice? FindInMemory(string text) => Accept(_cache.TryGet<CachedSlice>(text, MemoryOnly));

    /// <summary>Looks in Redis although memory may have the slice, because another replica may just have stored it. Cheap enough to poll.</summary>
    public async ValueTask<CachedSlice?> FindSharedAsync(SliceKey key, QueueSet needed, CancellationToken cancellationToken)
    {
        if (await _replication.FetchTimeOfAsync(key.Text, cancellationToken) is not { } fetchedAt)
        {
            return null;
        }

        // A slice that was completed with further queues keeps the time of its first fetch.
        return FindInMemory(key) is { } local && local.FetchedAt >= fetchedAt && needed.Without(local.RequestedQueues).Ids.IsEmpty
            ? local
            : await ValidateAsync(key, await _cache.TryGetAsync<CachedSlice>(key.Text, RedisOnly, cancellationToken));
    }

    /// <summary>Stores the slice unless a newer one is known.</summary>
    /// <param name="memoryOnly">For a slice that no other replica will need.</param>
    /// <param name="isOfJob">No query waits for the slice. If memory is short, it is removed before those of queries.</param>
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

    /// <summary>Stores the slice on disk as well, unless Redis has it.</summary>
    public void Spill(SliceKey key, CachedSlice slice) => _spill?.Store(key, slice);

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

    // The serializer has checked the edges in between.
    private static bool Matches(SliceKey key, CachedSlice slice) =>
        slice.Facts.Edges.Length == key.Buckets + 1 && slice.Facts.Edges[0] == key.From && slice.Facts.Edges[^1] == key.To
        && (slice.Facts.Series is not [var series, ..] || (series.Values?.Set ?? Dimensions.None) == key.Dimensions);

    /// <summary>
    /// Ignores a slice whose fetch time is in the future: the clock was set back after the fetch. The age of the slice is unknown, and the slice would stay
    /// fresh longer by the time that the clock was ahead.
    /// </summary>
    private CachedSlice? Accept(MaybeValue<CachedSlice> found) =>
        found.HasValue && found.Value.FetchedAt <= Instant.FromDateTimeOffset(_clock.GetUtcNow()) ? found.Value : null;
}
