using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Which part of the organisation a slice is about: all queues, or, where even one bucket of all of them is more than Genesys gives
/// at once, a shard of them. Shards go by a hash of the queue's id, never by the ids of a question, so that questions share them. Every
/// queue belongs to a shard, also one that only a question or a view names.
/// </summary>
internal sealed class QueueSharding(AdaptiveSliceSize sizes, KnownQueues known, IOptions<GenesysOptions> options, TimeProvider clock)
{
    public const string All = "all";

    /// <summary>Genesys takes some 300 predicates; 200 are surely few enough.</summary>
    public const int MostIds = 200;

    /// <summary>A hash spreads unevenly, so fewer on average than a question may have.</summary>
    private const int IdsPerShard = 128;

    /// <summary>Then all are asked for at once again: a fault of Genesys, or a busy day, is not to cost twice the calls for ever.</summary>
    private static readonly TimeSpan LearnedShardingLifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private int _learned = 1;
    private DateTimeOffset _learnedUntil;

    /// <summary>How many shards there are of the scope's kind; 1 for all queues.</summary>
    public static int ShardsOf(string scope) => scope.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? Number(scope.AsSpan(at + 1)) : 1;

    /// <summary>The scopes that answer for the queues asked for, without overlap, with what is needed of each.</summary>
    public ImmutableArray<ScopedQueues> For(ResolvedQueues selection)
    {
        var needed = NeededFor(selection);
        var shards = Shards();
        return shards == 1 || (selection.IsEverything && needed.Ids.IsEmpty) ? [new(All, needed)] : InShards(needed, shards);
    }

    /// <summary>The same by shards, whether all queues fit into one question or not.</summary>
    public ImmutableArray<ScopedQueues> ShardsFor(ResolvedQueues selection) => InShards(NeededFor(selection), Needed());

    /// <summary>The queues that an answer has to have: those asked for, or, of everything, every one that was ever seen.</summary>
    public QueueSet NeededFor(ResolvedQueues selection) => selection.IsEverything ? known.Ids : QueueSet.Of(selection.Wanted);

    /// <summary>The queues that a slice is asked for: a shard with its known queues and those that the question names.</summary>
    public QueueSet AskedFor(Slice slice)
    {
        var scope = slice.Key.Scope;
        var shards = ShardsOf(scope);
        return shards == 1 ? QueueSet.Everything : InShard(known.Ids, Number(scope.AsSpan(0, scope.IndexOf('/', StringComparison.Ordinal))), shards).Union(slice.Needed);
    }

    /// <summary>
    /// All queues at once were too large: the lists of ids to ask for instead, for the queues that are needed and no others, but as whole
    /// shards, so that the next question finds its queues. None where no queue is known.
    /// </summary>
    public async ValueTask<IReadOnlyList<ImmutableArray<string>>> InsteadOfAllAsync(QueueSet needed, CancellationToken cancellationToken)
    {
        if (needed.Ids.IsEmpty)
        {
            await known.WaitForFirstListingAsync(cancellationToken);
        }

        return InsteadOfAll(needed);
    }

    /// <summary>
    /// Whether these are a part of all queues that takes no more questions by ids than two halves in time would. Where no listing was read
    /// yet, there surely are others.
    /// </summary>
    public bool IsFew(QueueSet needed) =>
        !needed.Ids.IsEmpty && (known.Ids.Ids.IsEmpty || !known.Ids.Without(needed).Ids.IsEmpty) && InsteadOfAll(needed).Count <= 2;

    /// <summary>By shards it was an answer: from now on they are asked for in the first place, for a while.</summary>
    public void RecordShardingSucceeded()
    {
        lock (_gate)
        {
            _learned = Math.Max(Learned(), Needed());
            _learnedUntil = clock.GetUtcNow() + LearnedShardingLifetime;
        }
    }

    private IReadOnlyList<ImmutableArray<string>> InsteadOfAll(QueueSet needed)
    {
        needed = needed.Ids.IsEmpty ? known.Ids : needed;
        var shards = Needed();
        var byShard = InShards(needed, shards)
            .SelectMany(scoped => InShard(known.Ids, ShardOf(scoped.Queues.Ids[0], shards), shards).Union(scoped.Queues).InPieces(MostIds)).ToList();
        var alone = needed.InPieces(MostIds);
        return alone.Count * 2 <= byShard.Count ? alone : byShard;
    }

    private int Shards()
    {
        lock (_gate)
        {
            return Math.Max(Learned(), sizes.MostRowsOfABucket > options.Value.SliceRows && !known.Ids.Ids.IsEmpty ? Needed() : 1);
        }
    }

    private int Learned() => clock.GetUtcNow() < _learnedUntil ? _learned : 1;

    private int Needed()
    {
        var needed = Math.Max(known.Ids.Ids.Length / IdsPerShard, (int)(sizes.MostRowsOfABucket / Math.Max(1, options.Value.SliceRows))) + 1;
        return (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, needed));
    }

    /// <summary>A shard that has none of the queues is not among them: asked for by no ids, it would be asked for everything.</summary>
    private static ImmutableArray<ScopedQueues> InShards(QueueSet queues, int shards) =>
        [.. queues.Ids.GroupBy(id => ShardOf(id, shards)).OrderBy(shard => shard.Key).Select(shard => new ScopedQueues(NameOf(shard.Key, shards), QueueSet.Of(shard)))];

    private static QueueSet InShard(QueueSet queues, int shard, int shards) => QueueSet.Of(queues.Ids.Where(id => ShardOf(id, shards) == shard));

    private static string NameOf(int shard, int shards) => string.Create(CultureInfo.InvariantCulture, $"{shard}/{shards}");

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);

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

/// <param name="Scope">See <see cref="SliceKey.Scope"/>.</param>
/// <param name="Queues">The queues that the question needs of it.</param>
internal readonly record struct ScopedQueues(string Scope, QueueSet Queues);
