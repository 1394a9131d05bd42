using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The records of a query in their usual order, with the totals and the compared rows that the query asks for.</summary>
/// <param name="Folded">The rows of each folding: those of the records, of the compared interval, and of the totals of both.</param>
/// <param name="Totals">A list of one record; null if not requested.</param>
/// <param name="Unpaired">The buckets of the compared interval that are in no record.</param>
/// <param name="AreFinal">No part can change, including rows that do not exist yet.</param>
internal sealed record QueryRecords(
    IReadOnlyList<FoldedRows> Folded, RecordList Records, RecordList? Totals, IReadOnlyList<BucketStatus> Unpaired, bool AreFinal)
{
    /// <param name="statusesOf">The buckets of a plan, rolled up over queues or not.</param>
    public static QueryRecords Of(LoadedQuery question, FoldScope scope, IReadOnlySet<string> refused, Func<SlicePlan, Grouping, BucketStatuses> statusesOf)
    {
        var (query, plan) = (question.Query, question.Plan);
        var folding = new Folding(question, refused, statusesOf);
        var partners = plan.Previous is null ? [] : BucketPairs.Of(plan, query);
        var (records, buckets, compared) = folding.Records(plan, query, scope, partners);
        IReadOnlyList<BucketStatus> unpaired =
            plan.Previous is null ? [] : [.. BucketPairs.Unpaired(plan.Previous, partners).Select(bucket => compared!.Buckets[bucket])];

        // One row over the same slices. It exists even if no time counts.
        var totals = query.Totals
            ? folding.Records(
                OneBucket(plan, query.Interval) with { Previous = plan.Previous is { } previous ? OneBucket(previous, query.Comparison!.Interval) : null },
                query with { GroupBy = Grouping.None, Granularity = null, FillZero = true },
                scope with { GroupBy = Grouping.None },
                [0]).Records
            : null;
        return new QueryRecords(folding.Folded, records, totals, unpaired, buckets.AreFinal && compared is not { Buckets.AreFinal: false });
    }

    private static SlicePlan OneBucket(SlicePlan plan, QueryInterval interval) => new([interval.From, interval.To], plan.Uses);

    private sealed class Folding(LoadedQuery question, IReadOnlySet<string> refused, Func<SlicePlan, Grouping, BucketStatuses> statusesOf)
    {
        public List<FoldedRows> Folded { get; } = [];

        public (RecordList Records, BucketStatuses Buckets, ComparedRows? Compared) Records(SlicePlan plan, AggregatesQuery query, FoldScope scope, IReadOnlyList<int> partners)
        {
            var (folded, buckets) = Fold(plan, scope);
            ComparedRows? compared = null;
            if (plan.Previous is { } previous)
            {
                var (before, bucketsBefore) = Fold(previous, scope);
                compared = new ComparedRows(before, bucketsBefore, partners);
            }

            return (RecordList.Of(folded, query, buckets, scope, refused, compared), buckets, compared);
        }

        private (FoldedRows Folded, BucketStatuses Buckets) Fold(SlicePlan plan, FoldScope scope)
        {
            Folded.Add(AggregatesFold.Fold(plan, question.Read, scope, question.Groups));
            return (Folded[^1], statusesOf(plan, scope.GroupBy));
        }
    }
}

/// <summary>The rows of the compared interval.</summary>
/// <param name="PartnerOf">By bucket of the response: the bucket that it is compared with, or a negative number.</param>
internal sealed record ComparedRows(FoldedRows Folded, BucketStatuses Buckets, IReadOnlyList<int> PartnerOf);
