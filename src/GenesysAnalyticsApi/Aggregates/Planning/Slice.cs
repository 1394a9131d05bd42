using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Identifies a part of the fixed time grid that one Genesys request can return: consecutive buckets of equal length, one metric group, one scope.
/// Slices are equal if their bucket edges are, regardless of the time zone of the query.
/// </summary>
/// <param name="From">Start of the first bucket.</param>
/// <param name="Step">Length of each bucket.</param>
/// <param name="Buckets">Number of consecutive buckets.</param>
/// <param name="Group">Name of the metric group.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound</c>, or null for both.</param>
/// <param name="Scope">The queues; see <see cref="QueueSharding"/>.</param>
internal sealed record SliceKey(Instant From, Duration Step, int Buckets, string Group, string? Direction, string Scope = QueueSharding.All)
{
    public Instant To => From + (Step * Buckets);

    public ImmutableArray<Instant> Edges => [.. Enumerable.Range(0, Buckets + 1).Select(i => From + (Step * i))];

    /// <summary>
    /// The key as one line, for caches and locks that replicas share: <c>s2|standard|-|all|2026-11-01T00:00:00Z|PT1H|24</c>. Computed on each call,
    /// because a stored value would be copied by <c>with</c>. Increase the version when the meaning of slices changes.
    /// </summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"s2|{Group}|{Direction ?? "-"}|{Scope}|{InstantPattern.ExtendedIso.Format(From)}|{XmlConvert.ToString(Step.ToTimeSpan())}|{Buckets}");
}

/// <param name="Grain">The granularity sent to Genesys. Null if the slice is one bucket of another length.</param>
/// <param name="TimeZone">The time zone in which Genesys steps days. Null for fixed lengths.</param>
/// <param name="Metrics">The metrics of the slice's group.</param>
internal sealed record Slice(SliceKey Key, FetchGranularity? Grain, string? TimeZone, MetricGroup Metrics)
{
    /// <summary>The queues that the query needs. A cached slice that was not fetched for them is completed first.</summary>
    public QueueSet Needed { get; init; } = QueueSet.None;
}

/// <summary>The buckets of a slice that a query uses: those that start within [From, To).</summary>
internal readonly record struct SliceWindow(Slice Slice, Instant From, Instant To);

/// <summary>The buckets of a query and the slices that they are folded from.</summary>
/// <param name="Edges">Edges of the query's buckets, ascending.</param>
/// <param name="Uses">For each metric group, the windows cover the time that the query counts once.</param>
internal sealed record SlicePlan(ImmutableArray<Instant> Edges, ImmutableArray<SliceWindow> Uses)
{
    /// <summary>By bucket: whether any of its time counts. Default if all time counts.</summary>
    public ImmutableArray<bool> Counts { get; init; }

    /// <summary>The plan of the compared interval, in the same scopes; null if there is none.</summary>
    public SlicePlan? Previous { get; init; }

    /// <summary>The slices of both intervals.</summary>
    public ImmutableArray<Slice> Slices => [.. Uses.Concat(Previous?.Uses ?? []).Select(use => use.Slice).DistinctBy(slice => slice.Key)];

    /// <summary>The number of buckets of both intervals that exist.</summary>
    public int Buckets => (Counts.IsDefault ? Edges.Length - 1 : Counts.Count(counts => counts)) + (Previous?.Buckets ?? 0);

    /// <summary>False for a bucket of which no time counts: it does not exist.</summary>
    public bool Has(int bucket) => Counts.IsDefault || Counts[bucket];
}
