using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Chooses the scope of slices: all queues, or a shard if one bucket of all queues does not fit into a Genesys reply or if a recent query for a few queues
/// needed fewer requests by id. A hash of the queue id, not the ids of a query, determines the shard, so that queries share shards. Every queue belongs to a
/// shard, even a queue that is not in the listing and is known only from the query or from the caller's visibility.
/// </summary>
internal sealed class QueueSharding(LearnedSliceSize sizes, KnownQueues known, IOptions<GenesysOptions> options, TimeProvider clock)
{
    public const string All = "all";

    /// <summary>The maximum number of ids in one request. Genesys accepts about 300 predicates, so 200 leaves a margin.</summary>
    public const int MaxIds = 200;

    /// <summary>The maximum average number of ids per shard. It is below <see cref="MaxIds"/>, because a hash does not distribute ids evenly.</summary>
    private const int IdsPerShard = 128;

    /// <summary>
    /// The time after which all queues are again requested together, so that a temporary Genesys fault or a busy day does not double the requests forever.
    /// </summary>
    private static readonly TimeSpan LearnedShardingLifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(Dimensions Split, bool IsRequired), (int Shards, DateTimeOffset Until)> _learned = new();

    /// <summary>The number of shards into which the queues are divided in this scope; 1 if the scope is all queues.</summary>
    public static int ShardsOf(string scope) => scope.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? ParseNumber(scope.AsSpan(slash + 1)) : 1;

    /// <summary>Returns disjoint scopes that cover the selected queues, with the queues needed from each scope.</summary>
    /// <param name="split">The split of the slices: the more rows a bucket has, the more shards it needs.</param>
    public ImmutableArray<ScopedQueues> ScopesFor(ResolvedQueues selection, Dimensions split)
    {
        var needed = NeededFor(selection);
        var shards = ShardCount(split, selection.IsEverything);
        return shards == 1 || (selection.IsEverything && needed.Ids.IsEmpty) ? [new(All, needed) { CoversAllQueues = selection.IsEverything }] : InShards(needed, shards);
    }

    /// <summary>Returns shards even if all queues would fit into one request.</summary>
    public ImmutableArray<ScopedQueues> ShardsFor(ResolvedQueues selection, Dimensions split) => InShards(NeededFor(selection), ShardsNeeded(split));

    /// <summary>The queues that a response must cover: the selected queues, or all known queues.</summary>
    public QueueSet NeededFor(ResolvedQueues selection) => selection.IsEverything ? known.Queues : QueueSet.Of(selection.EffectiveIds);

    /// <summary>
    /// Returns the plan for the queues that are known now, with the same number of shards. A queue that has become known since the plan was made can belong to
    /// a shard that had no queue before.
    /// </summary>
    public SlicePlan WithNewlyKnownQueues(SlicePlan plan, ResolvedQueues selection)
    {
        var slices = plan.Slices;
        var scope = slices[0].Key.Scope;
        var needed = slices.Select(slice => slice.NeededQueues).Append(NeededFor(selection)).Aggregate((some, more) => some.Union(more));
        var shards = ShardsOf(scope);
        var scopes = shards == 1 ? [new ScopedQueues(All, needed)] : InShards(needed, shards);
        return Covered(plan) with { Previous = plan.Previous is { } previous ? Covered(previous) : null };

        SlicePlan Covered(SlicePlan original) => original with
        {
            Windows =
            [
                .. from scoped in scopes
                   from window in original.Windows
                   where window.Slice.Key.Scope == scope
                   select window with { Slice = window.Slice with { Key = window.Slice.Key with { Scope = scoped.Scope }, NeededQueues = scoped.Queues } },
            ],
        };
    }

    /// <summary>The queues to request for a slice: all queues, or the known queues of its shard and the queues that the query needs.</summary>
    public QueueSet RequestedQueues(Slice slice)
    {
        var scope = slice.Key.Scope;
        var shards = ShardsOf(scope);
        return shards == 1 ? QueueSet.Everything : InShard(known.Queues, ParseNumber(scope.AsSpan(0, scope.IndexOf('/', StringComparison.Ordinal))), shards).Union(slice.NeededQueues);
    }

    /// <summary>
    /// Returns the lists of ids to request after a request for all queues was too large. The lists contain whole shards, so that later queries can
    /// reuse the results, or only the needed queues if these take at most half as many requests. Empty if no queue is known.
    /// </summary>
    public async ValueTask<IReadOnlyList<ImmutableArray<string>>> QueueIdListsAsync(QueueSet needed, Dimensions split, CancellationToken cancellationToken)
    {
        if (needed.Ids.IsEmpty)
        {
            await known.WaitForFirstListingAsync(cancellationToken);
        }

        return QueueIdLists(needed, split);
    }

    /// <summary>
    /// Returns true if there are other queues, and these queues take at most two requests by id, no more than halving the interval would take. Before the first
    /// listing, the method assumes that there are other queues.
    /// </summary>
    public bool IsFew(QueueSet needed, Dimensions split) =>
        !needed.Ids.IsEmpty && (known.Queues.Ids.IsEmpty || !known.Queues.Without(needed).Ids.IsEmpty) && QueueIdLists(needed, split).Count <= 2;

    /// <summary>Records that requests by shard succeeded. For a while, shards are requested first.</summary>
    /// <param name="isRequired">
    /// True if sharding was the only way, because even one bucket of all queues was too large. False if splitting by time was also possible but would have
    /// taken more requests for a few queues. Queries for all queues then still request all queues together, because requests by id would lack queues that the
    /// service does not know.
    /// </param>
    public void RecordShardingSucceeded(Dimensions split, bool isRequired)
    {
        var now = clock.GetUtcNow();
        _learned.AddOrUpdate((split, isRequired), _ => Renewed(1), (_, learned) => Renewed(now < learned.Until ? learned.Shards : 1));

        (int, DateTimeOffset) Renewed(int learnedShards) => (Math.Max(learnedShards, ShardsNeeded(split)), now + LearnedShardingLifetime);
    }

    private IReadOnlyList<ImmutableArray<string>> QueueIdLists(QueueSet needed, Dimensions split)
    {
        needed = needed.Ids.IsEmpty ? known.Queues : needed;
        var shards = ShardsNeeded(split);
        var byShard = InShards(needed, shards)
            .SelectMany(scoped => InShard(known.Queues, ShardOf(scoped.Queues.Ids[0], shards), shards).Union(scoped.Queues).InPieces(MaxIds)).ToList();
        var neededOnly = needed.InPieces(MaxIds);
        return neededOnly.Count * 2 <= byShard.Count ? neededOnly : byShard;
    }

    private int ShardCount(Dimensions split, bool coversAllQueues)
    {
        var forRows = sizes.MaxRowsPerBucket(split) > options.Value.SliceRows && !known.Queues.Ids.IsEmpty ? ShardsNeeded(split) : 1;
        var learned = Math.Max(Learned(isRequired: true), coversAllQueues ? 1 : Learned(isRequired: false));
        return Math.Max(forRows, learned);

        int Learned(bool isRequired) => _learned.TryGetValue((split, isRequired), out var succeeded) && clock.GetUtcNow() < succeeded.Until ? succeeded.Shards : 1;
    }

    private int ShardsNeeded(Dimensions split)
    {
        var needed = Math.Max(known.Queues.Ids.Length / IdsPerShard, (int)(sizes.MaxRowsPerBucket(split) / Math.Max(1, options.Value.SliceRows))) + 1;
        return (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, needed));
    }

    /// <summary>Groups the queues by shard. Omits shards without any of the queues, because an empty list of ids would request all queues.</summary>
    private static ImmutableArray<ScopedQueues> InShards(QueueSet queues, int shards) =>
        [.. queues.Ids.GroupBy(id => ShardOf(id, shards)).OrderBy(shard => shard.Key).Select(shard => new ScopedQueues(NameOf(shard.Key, shards), QueueSet.Of(shard)))];

    private static QueueSet InShard(QueueSet queues, int shard, int shards) => QueueSet.Of(queues.Ids.Where(id => ShardOf(id, shards) == shard));

    private static string NameOf(int shard, int shards) => string.Create(CultureInfo.InvariantCulture, $"{shard}/{shards}");

    private static int ParseNumber(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    /// <summary>Computes the shard of a queue with FNV-1a, which is stable across processes, unlike <see cref="string.GetHashCode()"/>.</summary>
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
/// <param name="Queues">The queues that the query needs from this scope.</param>
internal readonly record struct ScopedQueues(string Scope, QueueSet Queues)
{
    /// <summary>See <see cref="Slice.CoversAllQueues"/>.</summary>
    public bool CoversAllQueues { get; init; }
}

/// <summary>An immutable set of queues: all queues, or the queues with certain ids. Ids are compared case-insensitively.</summary>
internal sealed class QueueSet
{
    public static readonly QueueSet Everything = new([], isEverything: true);

    public static readonly QueueSet None = new([], isEverything: false);

    private QueueSet(ImmutableArray<string> ids, bool isEverything)
    {
        Ids = ids;
        IsEverything = isEverything;
    }

    /// <summary>True for all queues, including queues that this service does not know.</summary>
    public bool IsEverything { get; }

    /// <summary>The ids, sorted and distinct; empty for all queues.</summary>
    public ImmutableArray<string> Ids { get; }

    public static QueueSet Of(IEnumerable<string> ids)
    {
        ImmutableArray<string> sorted = [.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        return sorted.IsEmpty ? None : new(sorted, isEverything: false);
    }

    /// <summary>Returns the queues of this set that <paramref name="other"/> lacks; none if this set is all queues.</summary>
    public QueueSet Without(QueueSet other)
    {
        if (ReferenceEquals(this, other) || other.IsEverything || Ids.IsEmpty)
        {
            return None;
        }

        // Merges the two sorted lists. Allocates only if a queue is missing.
        ImmutableArray<string>.Builder? missing = null;
        var position = 0;
        foreach (var id in Ids)
        {
            var order = -1;
            while (position < other.Ids.Length && (order = StringComparer.OrdinalIgnoreCase.Compare(other.Ids[position], id)) < 0)
            {
                position++;
            }

            if (position == other.Ids.Length || order != 0)
            {
                (missing ??= ImmutableArray.CreateBuilder<string>()).Add(id);
            }
        }

        return missing is null ? None : new(missing.ToImmutable(), isEverything: false);
    }

    public bool IsSame(QueueSet other) => IsEverything == other.IsEverything && Ids.AsSpan().SequenceEqual(other.Ids.AsSpan(), StringComparer.OrdinalIgnoreCase);

    public QueueSet Union(QueueSet other) =>
        IsEverything || other.IsEverything ? Everything : Without(other).Ids.IsEmpty ? other : other.Without(this).Ids.IsEmpty ? this : Of(Ids.Concat(other.Ids));

    /// <summary>Splits the set into lists of at most this many ids, of nearly equal length.</summary>
    public IReadOnlyList<ImmutableArray<string>> InPieces(int maxIds)
    {
        var pieces = (Ids.Length + maxIds - 1) / maxIds;
        return [.. Enumerable.Range(0, pieces).Select(piece => Ids[(Ids.Length * piece / pieces)..(Ids.Length * (piece + 1) / pieces)])];
    }
}
