using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Identifies a slice: consecutive buckets of equal length, for one metric group, direction, scope and split. The service fetches and caches the slice as
/// a unit; usually one Genesys request is enough. The time zone of the query is not part of the key: slices with the same bucket edges are
/// equal in all time zones.
/// </summary>
/// <param name="From">Start of the first bucket.</param>
/// <param name="Step">Length of each bucket.</param>
/// <param name="BucketCount">Number of consecutive buckets.</param>
/// <param name="Group">Name of the metric group.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound</c>, or null for both.</param>
/// <param name="Scope">The queues; see <see cref="QueueSharding"/>.</param>
internal sealed record SliceKey(Instant From, Duration Step, int BucketCount, string Group, string? Direction, string Scope = QueueSharding.All)
{
    /// <summary>The dimensions by which the slice is split, in addition to queue and media type.</summary>
    public Dimensions Dimensions { get; init; }

    public Instant To => From + (Step * BucketCount);

    /// <summary>The properties that, besides the metrics, determine whether Genesys accepts a request for the slice.</summary>
    public RequestVariant Variant => new(Direction, Dimensions);

    public ImmutableArray<Instant> Edges => [.. Enumerable.Range(0, BucketCount + 1).Select(i => From + (Step * i))];

    /// <summary>
    /// The key as one line, for caches and locks that replicas share: <c>s2|standard|-|all|2026-11-01T00:00:00Z|PT1H|24</c>. The text is computed on each call,
    /// because a <c>with</c> expression would copy a stored string into a different key. Increase the version (<c>s2</c>) when the meaning of slices changes.
    /// The dimensions of a split follow at the end: <c>…|24|messageType,direction</c>.
    /// </summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"s2|{Group}|{Direction ?? "-"}|{Scope}|{InstantPattern.ExtendedIso.Format(From)}|{XmlConvert.ToString(Step.ToTimeSpan())}|{BucketCount}{Split}");

    private string Split => Dimensions == Dimensions.None ? "" : "|" + string.Join(',', Dimension.Of(Dimensions).Select(dimension => dimension.Name));
}

/// <summary>The direction and split of a request. Genesys can reject a metric for one direction or split and accept it for others.</summary>
internal readonly record struct RequestVariant(string? Direction, Dimensions Dimensions);

/// <param name="Grain">
/// The length of the buckets, which are aligned to the grid (<see cref="SliceGrid"/>) or to days. Null for an exact slice: a single bucket that begins and ends
/// where the query does and is not aligned.
/// </param>
/// <param name="TimeZone">The time zone in which Genesys divides the interval into days. Null for UTC and for buckets of a fixed length.</param>
/// <param name="Metrics">The metrics of the slice's group.</param>
internal sealed record Slice(SliceKey Key, FetchGranularity? Grain, string? TimeZone, MetricGroup Metrics)
{
    /// <summary>The granularity of the Genesys request. Null for a single bucket, for which the request needs none.</summary>
    public FetchGranularity? RequestedGranularity => Key.BucketCount > 1 ? Grain : null;

    /// <summary>The queues that the query needs. If a cached slice was not fetched for all of them, the service completes the slice before use.</summary>
    public QueueSet NeededQueues { get; init; } = QueueSet.None;

    /// <summary>
    /// True if the query covers all queues, including queues that the service does not know yet. <see cref="NeededQueues"/> then contains only the known
    /// queues.
    /// </summary>
    public bool CoversAllQueues { get; init; }
}

/// <summary>The buckets of a slice that a query uses: the buckets that start within [From, To).</summary>
internal readonly record struct SliceWindow(Slice Slice, Instant From, Instant To);

/// <summary>The buckets of a query, and the slices from which they are folded.</summary>
/// <param name="Edges">Edges of the query's buckets, ascending.</param>
/// <param name="Windows">The windows of slices. For each metric group they cover the time that the query includes, without gaps or overlaps.</param>
internal sealed record SlicePlan(ImmutableArray<Instant> Edges, ImmutableArray<SliceWindow> Windows)
{
    /// <summary>For each bucket, whether the query includes any of its time. <c>default</c> if the query includes all time.</summary>
    public ImmutableArray<bool> IsBucketIncluded { get; init; }

    /// <summary>The plan of the compared interval, in the same scopes; null without comparison.</summary>
    public SlicePlan? Previous { get; init; }

    /// <summary>The slices of both intervals.</summary>
    public ImmutableArray<Slice> Slices => [.. Windows.Concat(Previous?.Windows ?? []).Select(window => window.Slice).DistinctBy(slice => slice.Key)];

    /// <summary>The number of included buckets of both intervals.</summary>
    public int BucketCount => (IsBucketIncluded.IsDefault ? Edges.Length - 1 : IsBucketIncluded.Count(isIncluded => isIncluded)) + (Previous?.BucketCount ?? 0);

    /// <summary>False for a bucket without any included time. The response does not contain such a bucket.</summary>
    public bool Includes(int bucket) => IsBucketIncluded.IsDefault || IsBucketIncluded[bucket];
}
