using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

/// <summary>Folding an interval segment by segment gives the same records as folding it as a whole.</summary>
public sealed class SegmentFoldTests
{
    // Counters have no sums here: whether a record shows such a sum depends on all cells of the response, so a segment could differ from the whole.
    private static readonly Gen<FactCell[]> Cells = GenFacts.Cells.Select(cells => Array.ConvertAll(cells, cell => cell.Metric[0] == 'n' ? cell with { Sum = null } : cell));

    [Fact]
    public void The_records_of_all_segments_are_those_of_the_interval_sorted_by_start() =>
        Gen.Select(Cells, Gen.Int[1, 48], Gen.Int[0, 7], Gen.Bool, Gen.Int).Sample(
            (cells, maxBuckets, groupBy, fill, seed) =>
            {
                var (query, random) = (ShapedRecords.Whole((Grouping)groupBy, 1, fill), new Random(seed));
                var (plan, read) = GenFacts.Slices(cells, [random.Next(48), random.Next(48), 24], 1, random);
                var (interval, readAtOnce) = GenFacts.Slices(cells, [], GenFacts.Hours, random);
                var scope = GenFacts.Scope(query.GroupBy);
                var groups = IntervalGroups.Of(interval, readAtOnce, scope);

                var segments = PlanSegments.Of(plan, maxBuckets);

                segments.SelectMany(segment => ShapedRecords.Json(RecordSort.ByStart(Built(segment, groups).Records))).ShouldBe(ShapedRecords.Json(RecordSort.ByStart(Built(plan, null).Records)));
                var notes = segments.Select(segment => FigureNotes.Of(Built(segment, groups))).Aggregate((one, next) => one.Merge(next));
                var whole = FigureNotes.Of(Built(plan, null));
                (notes.ExcludedCallbacks, notes.HaveAllStatistics, notes.AreFinal).ShouldBe((whole.ExcludedCallbacks, whole.HaveAllStatistics, whole.AreFinal));
                notes.QueueIds.ShouldBe(whole.QueueIds, ignoreOrder: true);
                notes.Unnamed.ShouldBe(whole.Unnamed, ignoreOrder: true);

                QueryRecords Built(SlicePlan part, IntervalGroups? known) => QueryRecords.Of(
                    new LoadedQuery(query, scope.Selection, part, read, null) { Groups = known }, scope, new HashSet<string>(),
                    (one, _) => new BucketStatuses(one, read, query.Zone, AggregatesClient.Settle));
            },
            iter: 400);
}
