using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Answers to questions that were asked before, ready to be sent. Kept from the second equal question on, at most 1 MiB each and
/// <c>Cache:MaxAnswerBytes</c> in all, those longest unused go first. An answer holds until a slice behind it is due or was fetched
/// again, or names may have changed.
/// </summary>
internal sealed class ResponseCache : IDisposable
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>What a remembered question costs beside its text.</summary>
    private const int MarkBytes = 256;

    private static readonly object SeenOnce = new();

    private readonly MemoryCache _answers;
    private readonly SliceCache _slices;
    private readonly SliceStore _store;
    private readonly QueueDirectory _directory;

    public ResponseCache(SliceCache slices, SliceStore store, QueueDirectory directory, IOptions<CacheOptions> options)
    {
        _slices = slices;
        _store = store;
        _directory = directory;
        _answers = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.MaxAnswerBytes, TrackStatistics = true });
    }

    public MemoryCacheStatistics Use => _answers.GetCurrentStatistics()!;

    public CachedResponse? Find(ResponseCacheKey key, Instant now) =>
        _answers.TryGetValue(key, out var found) && found is CachedResponse answer && Holds(answer, now) ? answer : null;

    /// <summary>Keeps the answer if the question was asked before, else remembers the question.</summary>
    public void Store(ResponseCacheKey key, CachedResponse answer)
    {
        var mark = MarkBytes + (key.Query.Length * sizeof(char));
        if (answer.Labels.IsWhole && answer.Body.Length <= MaxBytes && _answers.TryGetValue(key, out _))
        {
            _answers.Set(key, answer, new MemoryCacheEntryOptions
            {
                // The compressed forms stand beside it; together they are smaller than the answer itself.
                Size = mark + (answer.Body.Length * 2),
            });
        }
        else
        {
            _answers.Set(key, SeenOnce, new MemoryCacheEntryOptions { Size = mark });
        }
    }

    public void Dispose() => _answers.Dispose();

    private bool Holds(CachedResponse answer, Instant now)
    {
        if (now >= answer.Labels.DueAt || _directory.Current?.ReadAt != answer.DirectoryReadAt)
        {
            return false;
        }

        foreach (var (slice, keyText, fetchedAt) in answer.Slices)
        {
            if (_store.IsStillToCome(fetchedAt) || (_slices.FindInMemory(keyText) is { } kept && kept.FetchedAt != fetchedAt))
            {
                return false;
            }

            // Whoever is answered from here never comes to the store, which is to know what is asked for again and again.
            _store.RefreshAhead(slice, fetchedAt, now);
        }

        return true;
    }
}

/// <summary>
/// Equal questions: the same text in the same minute, by callers with the same view. The minute stands for now, on which the
/// interval of most questions depends.
/// </summary>
internal readonly record struct ResponseCacheKey(string Query, long Minute, string View)
{
    public static ResponseCacheKey Of(string query, Instant now, QueueVisibility view) => new(query, now.ToUnixTimeSeconds() / 60, view.Key);
}
