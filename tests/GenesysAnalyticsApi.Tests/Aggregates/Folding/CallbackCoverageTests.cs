using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Folding;

/// <summary>
/// Compares answered, abandoned and both rates over random facts with plain loops over all cells. For the callbacks of about half of the queues,
/// Genesys reports no answers and no abandons.
/// </summary>
public sealed class CallbackCoverageTests
{
    private static readonly string[] Answers = ["tAnswered", "tAbandon", "tShortAbandon"];

    private static readonly Gen<FactCell[]> Cells = Gen.Select(GenFacts.Cells, Gen.Int[0, 15]).Select((cells, unreported) => cells
        .Where(cell => cell.Series.MediaType != "callback" || !Answers.Contains(cell.Metric) || (unreported & (1 << (cell.Series.QueueId[^1] - '0' - 1))) == 0)
        .ToArray());

    [Fact]
    public void Both_rates_are_divided_by_the_offers_of_series_with_reported_answers() =>
        Gen.Select(Cells, Gen.Int[0, GenFacts.Hours].Array[0, 5], GenChoice.OneOf(1, 24, 48), Gen.Int[0, 3], Gen.Int).Sample(
            (cells, cuts, bucketHours, groupBy, seed) =>
            {
                var grouping = (Grouping)groupBy;
                var reported = cells.Where(cell => cell.Series.MediaType != "callback" || Answers.Contains(cell.Metric))
                    .Select(cell => cell.Series).ToHashSet();

                foreach (var record in Records(cells, cuts, bucketHours, grouping, seed))
                {
                    var group = cells.Where(cell => IsOf(cell, record)).ToList();
                    var row = group.Where(cell => GenFacts.Edges(0, GenFacts.Hours, bucketHours)[cell.Hour / bucketHours] == InstantFormat.Parse(record.From, NodaTime.DateTimeZone.Utc, _ => { })).ToList();
                    var isReported = group.Exists(cell => reported.Contains(cell.Series));
                    long? Count(string metric) => isReported ? row.Where(cell => cell.Metric == metric).Sum(cell => cell.Count ?? 0) : null;
                    var offered = row.Where(cell => cell.Metric == "nOffered" && reported.Contains(cell.Series)).Sum(cell => cell.Count ?? 0);

                    (record.Answered, record.Abandoned).ShouldBe((Count("tAnswered"), Count("tAbandon")));
                    (record.AnswerRate, record.AbandonRate).ShouldBe((Rate(record.Answered, offered), Rate(record.Abandoned, offered)));
                }
            },
            iter: 1_000);

    [Fact]
    public void Figures_do_not_depend_on_how_they_were_fetched() =>
        Gen.Select(Cells, Gen.Int[0, GenFacts.Hours].Array[0, 5], GenChoice.OneOf(1, 24, 48), Gen.Int[0, 3], Gen.Int).Sample(
            (cells, cuts, bucketHours, groupBy, seed) =>
                Json(Records(cells, cuts, bucketHours, (Grouping)groupBy, seed)).ShouldBe(Json(Records(cells, [], bucketHours, (Grouping)groupBy, 1))),
            iter: 500);

    private static double? Rate(long? count, long offered) => offered == 0 ? null : count / (double)offered;

    private static bool IsOf(FactCell cell, PlainRecord record) =>
        (record.QueueId is null || record.QueueId == cell.Series.QueueId) && (record.MediaType is null || record.MediaType == cell.Series.MediaType);

    private static IReadOnlyList<PlainRecord> Records(FactCell[] cells, int[] cuts, int bucketHours, Grouping grouping, int seed)
    {
        var (plan, read) = GenFacts.Slices(cells, cuts, bucketHours, new Random(seed));
        var scope = GenFacts.Scope(grouping);
        var query = new GenesysAnalyticsApi.Aggregates.Request.AggregatesQuery
        {
            Interval = new(plan.Edges[0], plan.Edges[^1], EndsNow: false),
            Now = AggregatesClient.Now,
            Zone = NodaTime.DateTimeZone.Utc,
            GroupBy = grouping,
        };
        return PlainRecords.Of(RecordList.Of(
            AggregatesFold.Fold(plan, read, scope), query, new BucketStatuses(plan, read, query.Zone, AggregatesClient.Settle), scope, new HashSet<string>()));
    }

    private static string Json(IReadOnlyList<PlainRecord> records) => JsonSerializer.Serialize(new PlainResponse(null!, null!, records), ResponseJson.TypeInfo);
}
