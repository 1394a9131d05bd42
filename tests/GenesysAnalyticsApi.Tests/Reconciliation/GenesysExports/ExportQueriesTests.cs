using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Reconciliation.SampleConversations;

namespace GenesysAnalyticsApi.Tests.Reconciliation.GenesysExports;

public sealed class ExportQueriesTests
{
    [Fact]
    public void Buckets_of_one_size_are_one_query_with_that_granularity()
    {
        var query = QueriesOf([.. Enumerable.Range(0, 48).Select(half => Row(half * 1800, (half + 1) * 1800, "voice"))]).ShouldHaveSingleItem();

        (query.Parameters.From, query.Parameters.To, query.Parameters.Granularity).ShouldBe(("2026-11-16T00:00:00Z", "2026-11-17T00:00:00Z", "PT30M"));
        query.Parameters.GroupBy.ShouldBe(["queueId", "mediaType"]);
        query.Parameters.MediaType.ShouldBe(["voice"]);
        query.Parameters.QueueId.ShouldBe([Queue]);
    }

    [Fact]
    public void One_interval_needs_no_granularity_whatever_its_length() =>
        QueriesOf(Row(0, 5000, "voice"), Row(0, 5000, "email")).ShouldHaveSingleItem().Parameters.Granularity.ShouldBeNull();

    [Fact]
    public void Rows_of_all_or_of_several_media_types_are_separate_queries()
    {
        var queries = QueriesOf(Row(0, 3600), Row(0, 3600, "voice", "email"), Row(0, 3600, "voice"));

        queries.Select(query => (query.BySingleMediaType, string.Join(',', query.Parameters.MediaType ?? []), string.Join(',', query.Parameters.GroupBy!)))
            .ShouldBe([(false, "", "queueId"), (false, "voice,email", "queueId"), (true, "voice", "queueId,mediaType")]);
    }

    [Fact]
    public void Many_intervals_that_are_not_buckets_of_one_size_are_rejected() => FaultOf(Rows(32)).ShouldStartWith(
        "Line 33: '2026-11-16T00:51:40Z/2026-11-16T00:52:30Z' is one interval too many: the rows have 32 different intervals that are not buckets of one size in UTC; at most 31 are accepted.");

    /// <summary>Queries for the same interval share its slices, so an interval counts once.</summary>
    [Fact]
    public void An_interval_counts_once_however_many_lists_of_media_types_it_has() =>
        QueriesOf([.. Rows(31), .. Rows(31, "voice"), .. Rows(31, "voice", "email")]).Count.ShouldBe(93);

    [Fact]
    public void Too_many_lists_of_media_types_are_rejected() => FaultOf([.. Enumerable.Range(0, 32).SelectMany(i => Rows(1, "voice", $"{i}").Select(row => row with { Line = i + 2 }))]).ShouldStartWith(
        "Line 33: 'voice,31' is one list of media types too many: the rows have 32 different lists; at most 31 are accepted.");

    /// <summary>Rows with this number of intervals of 50 s.</summary>
    private static ExportRow[] Rows(int intervals, params string[] mediaTypes) => [.. Enumerable.Range(0, intervals).Select(i => Row(i * 100, (i * 100) + 50, mediaTypes) with { Line = i + 2 })];

    private static string FaultOf(ExportRow[] rows) => Should.Throw<UnreadableExportException>(() => QueriesOf(rows)).Message;

    private static ExportRow Row(int from, int to, params string[] mediaTypes) => new(2, null, "A", [.. mediaTypes], At(from), At(to), []);

    private static IReadOnlyList<ExportQuery> QueriesOf(params ExportRow[] rows) => ExportQueries.Of(rows, DateTimeZone.Utc, _ => Queue);
}
