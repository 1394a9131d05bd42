using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The records of a query in default order, with the totals and compared rows that the query requests.</summary>
/// <param name="Folded">The rows of each fold: for the records, for the compared interval, and for the totals of both intervals.</param>
/// <param name="Totals">A list of one record; null if no totals are requested.</param>
/// <param name="Unpaired">The buckets of the compared interval that no record contains.</param>
/// <param name="AreFinal">True if no part of the records can change, including rows that do not exist yet.</param>
internal sealed record QueryRecords(
    IReadOnlyList<FoldedRows> Folded, RecordList Records, RecordList? Totals, IReadOnlyList<BucketStatus> Unpaired, bool AreFinal)
{
    /// <param name="nullMetrics">The metrics that are null in all records.</param>
    /// <param name="statusesOf">Returns the statuses of the buckets of a plan, for records with this grouping.</param>
    public static QueryRecords Of(LoadedQuery loaded, FoldScope scope, IReadOnlySet<string> nullMetrics, Func<SlicePlan, Grouping, BucketStatuses> statusesOf)
    {
        var (query, plan) = (loaded.Query, loaded.Plan);
        var folding = new Folding(loaded, nullMetrics, statusesOf);
        var partners = plan.Previous is null ? [] : BucketPairs.Of(plan, query);
        var (records, buckets, compared) = folding.Records(plan, query, scope, partners);
        IReadOnlyList<BucketStatus> unpaired =
            plan.Previous is null ? [] : [.. BucketPairs.Unpaired(plan.Previous, partners).Select(bucket => compared!.Buckets[bucket])];

        // Totals are one row over the same slices. The row exists even if the query includes no time.
        var totals = query.Totals
            ? folding.Records(
                OneBucket(plan, query.Interval) with { Previous = plan.Previous is { } previous ? OneBucket(previous, query.Comparison!.Interval) : null },
                query with { GroupBy = Grouping.None, Granularity = null, FillZero = true },
                scope with { GroupBy = Grouping.None },
                [0]).Records
            : null;
        return new QueryRecords(folding.Folded, records, totals, unpaired, buckets.AreFinal && compared is not { Buckets.AreFinal: false });
    }

    private static SlicePlan OneBucket(SlicePlan plan, QueryInterval interval) => new([interval.From, interval.To], plan.Windows);

    private sealed class Folding(LoadedQuery loaded, IReadOnlySet<string> nullMetrics, Func<SlicePlan, Grouping, BucketStatuses> statusesOf)
    {
        public List<FoldedRows> Folded { get; } = [];

        public (RecordList Records, BucketStatuses Buckets, ComparedRows? Compared) Records(SlicePlan plan, AggregatesQuery query, FoldScope scope, IReadOnlyList<int> partners)
        {
            var (folded, buckets) = Fold(plan, scope);
            ComparedRows? compared = null;
            if (plan.Previous is { } previous)
            {
                var (previousRows, previousBuckets) = Fold(previous, scope);
                compared = new ComparedRows(previousRows, previousBuckets, partners);
            }

            return (RecordList.Of(folded, query, buckets, scope, nullMetrics, compared), buckets, compared);
        }

        private (FoldedRows Folded, BucketStatuses Buckets) Fold(SlicePlan plan, FoldScope scope)
        {
            Folded.Add(AggregatesFold.Fold(plan, loaded.Outcomes, scope, loaded.Groups));
            return (Folded[^1], statusesOf(plan, scope.GroupBy));
        }
    }
}

/// <summary>The rows of the compared interval.</summary>
/// <param name="PartnerOf">For each bucket of the response, the index of the bucket with which it is compared; negative if there is none.</param>
internal sealed record ComparedRows(FoldedRows Folded, BucketStatuses Buckets, IReadOnlyList<int> PartnerOf);
