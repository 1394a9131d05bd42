using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// A piece of a fixed time grid that one upstream question can answer: consecutive buckets of one length, one metric group,
/// one scope. What makes two slices the same is their bucket edges, never the zone they were planned in.
/// </summary>
/// <param name="From">Start of the first bucket.</param>
/// <param name="Step">Length of each bucket.</param>
/// <param name="Buckets">How many buckets, one after the other.</param>
/// <param name="Group">Name of the metric group.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound</c>, or null for both.</param>
/// <param name="Scope">Which queues: see <see cref="QueueSharding"/>.</param>
internal sealed record SliceKey(Instant From, Duration Step, int Buckets, string Group, string? Direction, string Scope = QueueSharding.All)
{
    public Instant To => From + (Step * Buckets);

    public ImmutableArray<Instant> Edges => [.. Enumerable.Range(0, Buckets + 1).Select(i => From + (Step * i))];

    /// <summary>
    /// The same as one line, for caches and locks that replicas share: <c>s2|standard|-|all|2026-11-01T00:00:00Z|PT1H|24</c>. Made at each
    /// call: kept, it would outlive a <c>with</c>. Whoever gives slices another meaning raises the number.
    /// </summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"s2|{Group}|{Direction ?? "-"}|{Scope}|{InstantPattern.ExtendedIso.Format(From)}|{XmlConvert.ToString(Step.ToTimeSpan())}|{Buckets}");
}

/// <param name="Grain">The size Genesys is asked for; null when the slice is one bucket of another length.</param>
/// <param name="TimeZone">Where Genesys has to step days; null for fixed lengths.</param>
/// <param name="Metrics">The metrics of the slice's group.</param>
internal sealed record Slice(SliceKey Key, FetchGranularity? Grain, string? TimeZone, MetricGroup Metrics)
{
    /// <summary>The queues that a question needs of it: what is kept of the slice and was not asked for these is completed first.</summary>
    public QueueSet Needed { get; init; } = QueueSet.None;
}

/// <summary>The part of a slice that a question takes: its buckets that start within [From, To).</summary>
internal readonly record struct SliceWindow(Slice Slice, Instant From, Instant To);

/// <summary>How a question is answered: its own buckets, and the slices they are folded from.</summary>
/// <param name="Edges">Edges of the question's buckets, ascending.</param>
/// <param name="Uses">For each metric group the windows cover the interval without gap or overlap.</param>
internal sealed record SlicePlan(ImmutableArray<Instant> Edges, ImmutableArray<SliceWindow> Uses)
{
    /// <summary>The same plan for a question that needs these queues of each slice.</summary>
    public SlicePlan Needing(QueueSet queues) => this with { Uses = [.. Uses.Select(use => use with { Slice = use.Slice with { Needed = queues } })] };

    public ImmutableArray<Slice> Slices => [.. Uses.Select(use => use.Slice).DistinctBy(slice => slice.Key)];
}
