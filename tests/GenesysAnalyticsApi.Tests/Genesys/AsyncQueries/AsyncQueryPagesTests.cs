using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.AsyncQueries;

/// <summary>How the pages of an asynchronous query become one reply, and how invalid pages fail.</summary>
public sealed class AsyncQueryPagesTests : AsyncQueryDriver
{
    [Fact]
    public async Task Pages_are_read_by_cursor_and_put_together()
    {
        Queries.Pages = [(200, Page("q1", 5, "a+/=&b")), (200, Page("q2", 7, "c")), (200, Page("q1", 3, null, metric: "nConnected"))];

        var reply = await RunAsync();

        Queries.Sent.Where(sent => sent.Contains("results", StringComparison.Ordinal)).ShouldBe(
            ["GET /job%201/results", "GET /job%201/results?cursor=a%2B%2F%3D%26b", "GET /job%201/results?cursor=c"]);
        Counts(reply.Facts).ShouldBe(["q1 nConnected 3", "q1 nOffered 5", "q2 nOffered 7"]);
        reply.Facts.Series.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_cell_that_is_repeated_on_another_page_counts_once()
    {
        Queries.Pages = [(200, Page("q1", 5, "a")), (200, Page("q1", 5, ""))];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5"]);
    }

    [Fact]
    public async Task A_cell_with_different_values_on_two_pages_is_unreadable()
    {
        Queries.Pages = [(200, Page("q1", 5, "a")), (200, Page("q1", 6, null))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("different values"));
    }

    [Fact]
    public async Task A_view_is_compared_with_its_target_on_another_page()
    {
        Queries.Pages =
        [
            (200, PageOf("q1", """{"interval":"INTERVAL","metrics":[],"views":[{"name":"within","stats":{"count":2}}]}""", "a")),
            (200, PageOf("q1", """{"interval":"INTERVAL","metrics":[{"metric":"tHandle","stats":{"count":3,"min":1,"max":9,"sum":12}}]}""", null)),
        ];

        var reply = await RunAsync(request: GatewayDriver.Request with { Metrics = ["tHandle"], Views = [new MetricView("within", "tHandle", 5)] });

        reply.Facts.HasInvalid.ShouldBeFalse();
        Counts(reply.Facts).ShouldBe(["q1 tHandle 3", "q1 views.within 2"]);
    }

    [Fact]
    public async Task A_page_that_breaks_off_is_read_again_without_traces_of_the_first_attempt()
    {
        var whole = Page("q2", 7, null);
        Queries.Pages = [(200, Page("q1", 5, "a")), (200, whole.Replace("q2", "q3", StringComparison.Ordinal)[..^6]), (200, whole)];

        var reply = await RunAsync();

        Counts(reply.Facts).ShouldBe(["q1 nOffered 5", "q2 nOffered 7"]);
        reply.Facts.Series.Select(series => series.QueueId).ShouldBe(["q1", "q2"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[],"cursor":null}""")]
    public async Task A_query_without_figures_succeeds(string page)
    {
        Queries.Pages = [(200, page)];

        (await RunAsync()).Facts.Series.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_few_empty_pages_are_tolerated()
    {
        Queries.Pages = [(200, """{"cursor":"a"}"""), (200, """{"results":[],"cursor":"b"}"""), (200, """{"cursor":"c","results":[]}"""), (200, Page("q1", 5, null))];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5"]);
    }

    [Fact]
    public async Task Many_empty_pages_are_a_failure()
    {
        Queries.Pages = [.. Enumerable.Range(0, 20).Select(page => (200, $$"""{"results":[],"cursor":"c{{page}}"}"""))];

        (await FailAsync()).Message.ShouldContain("4 empty pages");
        Queries.Sent.Count(sent => sent.Contains("results", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "b", "a")]
    public async Task A_repeated_cursor_is_a_failure(params string[] cursors)
    {
        Queries.Pages = [.. cursors.Select((cursor, number) => (200, Page($"q{number}", 1, cursor))), (200, Page("q9", 1, null))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("repeats a cursor"));
    }

    [Fact]
    public void An_endless_sequence_of_pages_is_a_failure()
    {
        var pages = new AsyncQueryPages();

        var failed = Should.Throw<GenesysException>(() =>
        {
            for (var page = 0; page <= AsyncQueryPages.MaxPages; page++)
            {
                pages.Add(new ResultsPage($"cursor {page}", 1));
            }
        });

        (failed.Failure.Kind, pages.Count).ShouldBe((GenesysFailureKind.Unreadable, AsyncQueryPages.MaxPages));
    }

    [Theory]
    [InlineData("""{"results":[],"cursor":7}""", "'cursor' is not text")]
    [InlineData("""{"state":"PENDING"}""", "no 'results'")]
    [InlineData("""{"results":[],"message":"no"}""", "error body")]
    [InlineData("[]", "not a JSON object")]
    public async Task An_invalid_page_is_unreadable(string page, string reason)
    {
        Queries.Pages = [(200, page)];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain(reason));
    }

    [Fact]
    public async Task A_cursor_that_is_too_long_for_a_URL_is_a_failure()
    {
        Queries.Pages = [(200, Page("q1", 1, new string('c', 5_000)))];

        (await FailAsync()).Message.ShouldContain("cursor");
    }
}
