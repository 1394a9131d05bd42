using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Caching.Memory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Caches responses that are ready to send, from the second equal query on. A cached response has at most 1 MiB, and the cache at most
/// <c>Cache:MaxAnswerBytes</c>; the least recently used entries are removed first. An entry is valid until one of its slices is due or was
/// fetched again, or until the queue directory was read again, because names may have changed.
/// </summary>
internal sealed class ResponseCache : IDisposable
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The estimated size of a cache entry without the query text and the response.</summary>
    private const int MarkBytes = 256;

    private static readonly object SeenOnce = new();

    private readonly MemoryCache _responses;
    private readonly SliceCache _slices;
    private readonly SliceStore _store;
    private readonly QueueDirectory _directory;

    public ResponseCache(SliceCache slices, SliceStore store, QueueDirectory directory, IOptions<CacheOptions> options)
    {
        _slices = slices;
        _store = store;
        _directory = directory;
        _responses = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxAnswerBytes, TrackStatistics = true });
    }

    public MemoryCacheStatistics Use => _responses.GetCurrentStatistics()!;

    public CachedResponse? Find(ResponseCacheKey key, Instant now) =>
        _responses.TryGetValue(key, out var found) && found is CachedResponse response && Holds(response, now) ? response : null;

    /// <summary>Caches the response if an equal query was seen before; otherwise remembers the query.</summary>
    public void Store(ResponseCacheKey key, CachedResponse response)
    {
        var mark = MarkBytes + (key.Query.Length * sizeof(char));
        if (response.Labels.IsWhole && response.Body.Length <= MaxBytes && _responses.TryGetValue(key, out _))
        {
            _responses.Set(key, response, new MemoryCacheEntryOptions
            {
                // Twice the body, because the entry also holds the compressed forms, which together are smaller than the body.
                Size = mark + (response.Body.Length * 2),
            });
        }
        else
        {
            _responses.Set(key, SeenOnce, new MemoryCacheEntryOptions { Size = mark });
        }
    }

    public void Dispose() => _responses.Dispose();

    private bool Holds(CachedResponse response, Instant now)
    {
        if (now >= response.Labels.DueAt || _directory.Current?.ReadAt != response.DirectoryReadAt)
        {
            return false;
        }

        foreach (var (slice, keyText, fetchedAt) in response.Slices)
        {
            if (_store.IsStillToCome(fetchedAt) || (_slices.FindInMemory(keyText) is { } kept && kept.FetchedAt != fetchedAt))
            {
                return false;
            }

            // A response from this cache bypasses the store, which must still learn that the slice is popular.
            _store.RefreshAhead(slice, fetchedAt, now);
        }

        return true;
    }
}

/// <summary>
/// Identifies equal queries: the same text in the same minute, from callers with the same view. The minute is part of the key because the
/// interval of most queries depends on the current time.
/// </summary>
internal readonly record struct ResponseCacheKey(string Query, long Minute, string View)
{
    public static ResponseCacheKey Of(string query, Instant now, QueueVisibility view) => new(query, now.ToUnixTimeSeconds() / 60, view.Key);
}
