using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Which part of the organisation a slice is about: all queues, or, where even one bucket of all of them is more than Genesys gives
/// at once, a shard of them. Shards go by a hash of the queue's id, never by the ids of a question, so that questions share them.
/// </summary>
internal sealed class SliceScopes(SliceSizes sizes, QueueDirectory directory, IOptions<GenesysOptions> options, TimeProvider clock)
{
    public const string All = "all";

    private const string Alone = "queue/";

    /// <summary>Genesys takes some 300 predicates, 200 are surely few enough; a hash spreads unevenly, so fewer on average.</summary>
    private const int IdsPerShard = 128;

    private const int MostUnlisted = 10_000;

    /// <summary>Then all are asked for at once again: a fault of Genesys, or a busy day, is not to cost twice the calls for ever.</summary>
    private static readonly TimeSpan FitIsRemembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> _unlisted = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _learned = 1;
    private DateTimeOffset _learnedUntil;

    /// <summary>The scopes that answer for the queues asked for.</summary>
    public ImmutableArray<string> For(QueueSelectionResult selection)
    {
        var shards = Shards();
        if (shards == 1)
        {
            return [All];
        }

        // A queue that the directory does not know is in no shard's list: it is asked for by itself.
        var known = selection.IsEverything ? [] : selection.Wanted.Except(selection.UnknownIds, StringComparer.OrdinalIgnoreCase);
        return selection.IsEverything
            ? [.. Enumerable.Range(0, shards).Select(shard => NameOf(shard, shards))]
            : [.. known.Select(id => NameOf(ShardOf(id, shards), shards)).Distinct().Order(StringComparer.Ordinal), .. selection.UnknownIds.Select(id => Alone + id)];
    }

    /// <summary>The queues of a scope, for the question's filter; none for all.</summary>
    public ImmutableArray<string> QueueIdsOf(string scope) => scope.Split('/') switch
    {
        ["queue", var id] => [id],
        [var shard, var shards] => IdsOf(int.Parse(shard, CultureInfo.InvariantCulture), int.Parse(shards, CultureInfo.InvariantCulture)),
        _ => [],
    };

    public static bool IsShard(string scope) => scope != All && !scope.StartsWith(Alone, StringComparison.Ordinal);

    /// <summary>Queues with data that no listing had, deleted long ago: from now on they are in their shard.</summary>
    public void Saw(ImmutableArray<FactSeries> series)
    {
        if (directory.Current is { } listed)
        {
            foreach (var one in series)
            {
                if (listed.Find(one.QueueId) is null && _unlisted.Count < MostUnlisted)
                {
                    _unlisted.TryAdd(one.QueueId, true);
                }
            }
        }
    }

    /// <summary>One bucket of all queues was too large: the ids of every shard, to ask for them one by one; none without a directory.</summary>
    public IReadOnlyList<ImmutableArray<string>> IdsByShard()
    {
        var shards = Needed();
        return directory.Current is { Queues.Count: > 0 } ? [.. Enumerable.Range(0, shards).Select(shard => IdsOf(shard, shards)).Where(ids => !ids.IsEmpty)] : [];
    }

    /// <summary>By shards it was an answer: from now on they are asked for in the first place, for a while.</summary>
    public void FitsByShard()
    {
        lock (_gate)
        {
            _learned = Math.Max(Learned(), Needed());
            _learnedUntil = clock.GetUtcNow() + FitIsRemembered;
        }
    }

    private int Shards()
    {
        lock (_gate)
        {
            return Math.Max(Learned(), sizes.Series > options.Value.SliceRows && directory.Current is { Queues.Count: > 0 } ? Needed() : 1);
        }
    }

    private int Learned() => clock.GetUtcNow() < _learnedUntil ? _learned : 1;

    private int Needed()
    {
        var needed = Math.Max((directory.Current?.Queues.Count ?? 0) / IdsPerShard, sizes.Series / Math.Max(1, options.Value.SliceRows)) + 1;
        return (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, needed));
    }

    private ImmutableArray<string> IdsOf(int shard, int shards) =>
        [.. (directory.Current?.Queues ?? []).Select(queue => queue.Id).Concat(_unlisted.Keys).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(id => ShardOf(id, shards) == shard).Order(StringComparer.Ordinal)];

    private static string NameOf(int shard, int shards) => string.Create(CultureInfo.InvariantCulture, $"{shard}/{shards}");

    /// <summary>FNV-1a: the same in every process, unlike the framework's own.</summary>
    private static int ShardOf(string id, int shards)
    {
        var hash = 2166136261u;
        foreach (var letter in id)
        {
            hash = unchecked((hash ^ char.ToLowerInvariant(letter)) * 16777619u);
        }

        return (int)(hash % (uint)shards);
    }
}
