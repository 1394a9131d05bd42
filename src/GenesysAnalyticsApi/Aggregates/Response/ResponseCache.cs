using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Extensions.Caching.Memory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Caches responses that are ready to send. A response is cached only if an equal query was received before. A cached response has at most 1 MiB, and the
/// cache at most <c>Cache:MaxAnswerBytes</c>; the least recently used entries are removed first. An entry is valid only within the clock minute in which it was
/// computed. It becomes invalid earlier if one of its slices is due or has been fetched again, or if the queue directory has been read again, because
/// names might have changed.
/// </summary>
internal sealed class ResponseCache : IDisposable
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The estimated size of a cache entry without the query text and the response.</summary>
    private const int OverheadBytes = 256;

    // After a minute, no query can have the key of an entry. Responses and query strings can contain names of agents, so useless entries are not kept.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private static readonly object SeenOnce = new();

    private readonly MemoryCache _responses;
    private readonly SliceCache _slices;
    private readonly SliceStore _store;
    private readonly QueueDirectory _directory;

    public ResponseCache(SliceCache slices, SliceStore store, QueueDirectory directory, IOptions<CacheStorageOptions> options)
    {
        _slices = slices;
        _store = store;
        _directory = directory;
        _responses = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxAnswerBytes, TrackStatistics = true });
    }

    public MemoryCacheStatistics Use => _responses.GetCurrentStatistics()!;

    public CachedResponse? Find(ResponseCacheKey key, Caller caller, Instant now) =>
        _responses.TryGetValue(key, out var found) && found is CachedResponse response && (!response.IsAboutAgents || caller.May(CallerScopes.Agents)) && IsValid(response, now)
            ? response
            : null;

    /// <summary>Caches the response if an equal query was seen before; otherwise remembers the query.</summary>
    public void Store(ResponseCacheKey key, CachedResponse response)
    {
        var overhead = OverheadBytes + (key.Query.Length * sizeof(char));
        if (response.Labels.IsCacheable && response.Body.Plain.Length <= MaxBytes && _responses.TryGetValue(key, out _))
        {
            _responses.Set(key, response, new MemoryCacheEntryOptions
            {
                // Twice the body, because the entry also holds the compressed forms, which together are usually smaller than the body.
                Size = overhead + (response.Body.Plain.Length * 2),
                AbsoluteExpirationRelativeToNow = Lifetime,
            });
        }
        else
        {
            _responses.Set(key, SeenOnce, new MemoryCacheEntryOptions { Size = overhead, AbsoluteExpirationRelativeToNow = Lifetime });
        }
    }

    public void Dispose() => _responses.Dispose();

    private bool IsValid(CachedResponse response, Instant now)
    {
        if (now >= response.Labels.DueAt || _directory.Current?.ReadAt != response.DirectoryReadAt)
        {
            return false;
        }

        foreach (var (slice, keyText, fetchedAt) in response.Slices)
        {
            if (_store.IsInFuture(fetchedAt) || (_slices.FindInMemory(keyText) is { } current && current.FetchedAt != fetchedAt))
            {
                return false;
            }

            // A response from this cache bypasses the slice store, so this call lets the store refresh a popular slice that is almost due.
            _store.RefreshAhead(slice, fetchedAt, now);
        }

        return true;
    }
}

/// <summary>
/// Identifies equal queries: the same query string and accepted format in the same minute, from callers with the same visibility. The minute is part of the
/// key because the interval of most queries depends on the current time.
/// </summary>
/// <param name="Accepted">The format that the <c>Accept</c> header prefers. The <c>format</c> parameter is part of <paramref name="Query"/>.</param>
internal readonly record struct ResponseCacheKey(string Query, long Minute, string VisibilityKey, ResponseFormat? Accepted)
{
    public static ResponseCacheKey Of(string query, Instant now, QueueVisibility visibility, ResponseFormat? accepted) =>
        new(query, now.ToUnixTimeSeconds() / 60, visibility.Key, accepted);
}

/// <summary>
/// A serialized response with the data for its headers. As long as the response is valid, it is sent for every equal query, without work per record. Each
/// compressed form is created on first use and then reused.
/// </summary>
internal sealed class CachedResponse
{
    /// <param name="visibility">Part of the ETag: callers with different visibility get different ETags, even for the same figures.</param>
    public CachedResponse(ResponseFormat format, ResponseBody body, AggregatesResult result, QueueVisibility visibility)
    {
        Format = format;
        Body = new EncodedBody(body.Bytes);
        ETag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{body.Digest}|{visibility.Key}")).AsSpan(0, 16))}\"";
        Slices = [.. result.Slices.Where(slice => !slice.IsFailed).Select(slice => (slice.Slice, slice.Slice.Key.Text, slice.FetchedAt))];
        Labels = new ResponseFreshness(result);
        HitStatistics = FetchStatistics.ForCachedResponse(Labels.Rows, [.. Slices.Select(slice => slice.Slice)], visibility);
        DirectoryReadAt = result.DirectoryReadAt;
        IsAboutAgents = result.IsAboutAgents;
    }

    public ResponseFormat Format { get; }

    public EncodedBody Body { get; }

    /// <summary>A weak ETag: it identifies the figures and their labels, but not the fetch time.</summary>
    public string ETag { get; }

    /// <summary>The slices in the response, with their fetch times. The response is outdated once one of them has been fetched again.</summary>
    public ImmutableArray<(Slice Slice, string KeyText, Instant FetchedAt)> Slices { get; }

    public ResponseFreshness Labels { get; }

    /// <summary>The statistics of a request that is served from the cache.</summary>
    public FetchStatistics HitStatistics { get; }

    public bool IsAboutAgents { get; }

    /// <summary>When the queue listing with the names in the response was read.</summary>
    public Instant? DirectoryReadAt { get; }
}

/// <summary>
/// Sends a cached response before the endpoint parses any parameter. Runs after authorization, and only for endpoints with
/// <see cref="ServedFromResponseCache"/>.
/// </summary>
internal sealed class ResponseCacheMiddleware(RequestDelegate next, ResponseCache cache, ResponseSender sender, TimeProvider clock)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ServedFromResponseCache>() is null)
        {
            return next(http);
        }

        var accepted = ResponseFormat.Accepted(http.Request.Headers.Accept);
        var (now, startTimestamp) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), clock.GetTimestamp());
        return cache.Find(ResponseCacheKey.Of(http.Request.QueryString.Value ?? "", now, http.Caller().Visibility, accepted), http.Caller(), now) is { } cached
            ? sender.SendAsync(http, cached, cached.HitStatistics, startTimestamp)
            : next(http);
    }
}

/// <summary>Marks an endpoint whose responses <see cref="ResponseCache"/> stores by query string.</summary>
internal sealed record ServedFromResponseCache
{
    public static readonly ServedFromResponseCache Mark = new();
}
