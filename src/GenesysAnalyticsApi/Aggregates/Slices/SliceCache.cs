using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Redis;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using NodaTime;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Where slices are kept: in memory, as many bytes as <c>Cache:MaxBytes</c> allows, and in Redis where replicas share. It only keeps
/// and finds; who may fetch, and what is fresh, is decided elsewhere, so the cache's own factory, fail-safe and timeouts stay off.
/// </summary>
internal sealed class SliceCache : IDisposable
{
    // How long slices are kept at most; an entry that comes from Redis has its own, earlier end.
    private static readonly FusionCacheEntryOptions BothLevels = new(TimeSpan.FromDays(7)) { ReThrowSerializationExceptions = false };
    private static readonly FusionCacheEntryOptions MemoryOnly = BothLevels.Duplicate().SetSkipDistributedCacheRead(true);
    private static readonly FusionCacheEntryOptions RedisOnly = BothLevels.Duplicate().SetSkipMemoryCacheRead(true);

    private readonly MemoryCache _memory;
    private readonly FusionCache _cache;
    private readonly TimeProvider _clock;
    private readonly RedisConnection? _redis;
    private readonly ReplicaTime? _time;
    private readonly string _prefix;

    /// <param name="redis">Null for a replica on its own.</param>
    public SliceCache(
        IOptions<CacheOptions> options, TimeProvider clock, ILogger<SliceCache> logger, RedisConnection? redis = null, RedisKeys? keys = null, ReplicaTime? time = null)
    {
        _clock = clock;
        _time = time;
        _redis = redis;
        _prefix = keys?.Of("slice") ?? "";
        _memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxBytes, TrackStatistics = true });

        // It gets no logger: that Redis is gone is told once, by the connection, and not for each slice.
        _cache = new FusionCache(
            new FusionCacheOptions
            {
                CacheName = "slices",
                CacheKeyPrefix = _prefix,
                BackplaneChannelPrefix = keys?.Of("news"),
                // Its version and ours would both stand in the key; ours says what the value is.
                DistributedCacheKeyModifierMode = CacheKeyModifierMode.None,
                WaitForInitialBackplaneSubscribe = false,
                EnableAutoRecovery = false,
                EnableBestPracticesAdvisor = false,
                DisableTagging = true,
            },
            _memory);
        if (redis is not null)
        {
            _cache.SetupDistributedCache(new RedisDistributedCache(redis), new SliceCacheSerializer(time!, logger, redis));
            _cache.SetupBackplane(new RedisBackplane(redis));
        }
    }

    public MemoryCacheStatistics Statistics => _memory.GetCurrentStatistics()!;

    /// <summary>In memory, else in Redis; what comes from there stays in memory.</summary>
    public async ValueTask<CachedSlice?> FindAsync(SliceKey key, CancellationToken cancellationToken) =>
        await FoundAsync(key, await _cache.TryGetAsync<CachedSlice>(key.Text, BothLevels, cancellationToken));

    public CachedSlice? FindInMemory(SliceKey key) => FindInMemory(key.Text) is { } slice && IsOf(key, slice) ? slice : null;

    /// <param name="text"><see cref="SliceKey.Text"/>: made once by those that ask often.</param>
    public CachedSlice? FindInMemory(string text) => Found(_cache.TryGet<CachedSlice>(text, MemoryOnly));

    /// <summary>What another replica has just stored: looks in Redis although memory may have it. Cheap enough to be asked often.</summary>
    public async ValueTask<CachedSlice?> FindSharedAsync(SliceKey key, QueueSet needed, CancellationToken cancellationToken)
    {
        if (await SharedFetchTimeAsync(key, cancellationToken) is not { } fetchedAt)
        {
            return null;
        }

        // One that was completed keeps the time of its first fetch.
        return FindInMemory(key) is { } here && here.FetchedAt >= fetchedAt && needed.Without(here.Asked).Ids.IsEmpty
            ? here
            : await FoundAsync(key, await _cache.TryGetAsync<CachedSlice>(key.Text, RedisOnly, cancellationToken));
    }

    /// <summary>Keeps the slice unless a younger one is known.</summary>
    /// <param name="memoryOnly">For what no other replica will ask for.</param>
    public async Task StoreAsync(SliceKey key, CachedSlice slice, TimeSpan life, bool memoryOnly)
    {
        if (FindInMemory(key)?.FetchedAt > slice.FetchedAt)
        {
            return;
        }

        // One that only claims to be younger, and cannot be read, is replaced.
        if (!memoryOnly && await SharedFetchTimeAsync(key, CancellationToken.None) > slice.FetchedAt
            && await FindSharedAsync(key, slice.Asked, CancellationToken.None) is not null)
        {
            return;
        }

        var options = BothLevels.Duplicate(life).SetSize(slice.Size).SetSkipDistributedCacheWrite(memoryOnly, skipBackplaneNotifications: memoryOnly);
        await _cache.SetAsync(key.Text, slice, options);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _memory.Dispose();
    }

    private async Task<Instant?> SharedFetchTimeAsync(SliceKey key, CancellationToken cancellationToken)
    {
        if (_redis is null)
        {
            return null;
        }

        byte[]? head = await _redis.AskAsync(
            database => database.StringGetRangeAsync(_prefix + key.Text, 0, VersionedPayload.HeadLength - 1), RedisValue.Null, cancellationToken);
        return VersionedPayload.StampOf(SliceCacheEntry.Version, head) is { } stamp ? _time!.At(stamp) : null;
    }

    /// <summary>A whole slice that lies under the name of another has figures of another time: it is dropped wherever it is.</summary>
    private async ValueTask<CachedSlice?> FoundAsync(SliceKey key, MaybeValue<CachedSlice> found)
    {
        if (Found(found) is not { } slice || IsOf(key, slice))
        {
            return Found(found);
        }

        _redis?.ToldInvalid("slice", "it is that of another time");
        await _cache.RemoveAsync(key.Text);
        return null;
    }

    // The edges between have been looked at where it was read.
    private static bool IsOf(SliceKey key, CachedSlice slice) =>
        slice.Facts.Edges.Length == key.Buckets + 1 && slice.Facts.Edges[0] == key.From && slice.Facts.Edges[^1] == key.To;

    /// <summary>
    /// What was fetched after now was fetched before this clock was set back. How old it is cannot be told, and its freshness would not end for as
    /// long as the clock was ahead: it counts as missing.
    /// </summary>
    private CachedSlice? Found(MaybeValue<CachedSlice> found) =>
        found.HasValue && found.Value.FetchedAt <= Instant.FromDateTimeOffset(_clock.GetUtcNow()) ? found.Value : null;
}
