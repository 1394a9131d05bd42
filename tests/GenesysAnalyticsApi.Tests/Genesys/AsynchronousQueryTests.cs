using System.Globalization;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys;

/// <summary>What every gateway must do for asynchronous queries, with either client (<see cref="TestedClient"/>).</summary>
public sealed class AsynchronousQueryTests : IAsyncDisposable
{
    private readonly GatewayDriver _driver = new(options => options.AsyncQueryPageSize = 500);
    private readonly FakeAsyncQueries _queries;

    public AsynchronousQueryTests() => _queries = new FakeAsyncQueries(_driver);

    [Fact]
    public async Task A_query_is_submitted_polled_read_and_deleted()
    {
        var reply = await RunAsync();

        _queries.Sent.ShouldBe(["POST ", "GET /job%201", "GET /job%201", "GET /job%201/results", "DELETE /job%201"]);
        _driver.Genesys.Requests.First().Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","groupBy":["queueId","mediaType"],"metrics":["nOffered"],"pageSize":500}""");
        FactsText.Of(reply.Facts).ShouldBe(FactsText.Of((await SynchronousAsync()).Facts));
        reply.Calls.ShouldBe(4, "the deletion belongs to no query");
        reply.FetchedAt.ShouldBe(Instant.FromUtc(2026, 1, 5, 12, 0), "the time of the submission");
    }

    [Fact]
    public async Task Without_a_page_size_none_is_sent()
    {
        using var driver = new GatewayDriver();
        _ = new FakeAsyncQueries(driver);

        await RunAsync(driver);

        driver.Genesys.Requests.First().Body.ShouldNotContain("pageSize");
    }

    [Fact]
    public async Task The_state_is_polled_with_growing_pauses()
    {
        _queries.States = [.. Enumerable.Repeat((200, """{"state":"QUEUED"}"""), 9), (200, """{"state":"fulfilled","errorMessage":null,"new":{}}""")];

        await RunAsync(step: TimeSpan.FromMilliseconds(250));

        var polls = _driver.Genesys.Requests.Where(request => request.Url.AbsolutePath.EndsWith("job%201", StringComparison.Ordinal) && request.Method == HttpMethod.Get).Select(request => request.At).ToList();
        var pauses = polls.Zip(polls.Skip(1), (one, next) => (next - one).TotalSeconds).ToList();
        pauses.ShouldBe(pauses.Order());
        (polls[0] - _driver.Genesys.Requests.First().At).TotalSeconds.ShouldBe(1, 0.3);
        pauses.ShouldSatisfyAllConditions(all => all[0].ShouldBe(1.5, 0.3), all => all[1].ShouldBe(2.25, 0.3), all => all[^1].ShouldBe(15, 0.3));
    }

    [Fact]
    public async Task Pages_are_read_by_cursor_and_put_together()
    {
        _queries.Pages = [(200, Page("q1", 5, "a+/=&b")), (200, Page("q2", 7, "c")), (200, Page("q1", 3, null, metric: "nConnected"))];

        var reply = await RunAsync();

        _queries.Sent.Where(sent => sent.Contains("results", StringComparison.Ordinal)).ShouldBe(
            ["GET /job%201/results", "GET /job%201/results?cursor=a%2B%2F%3D%26b", "GET /job%201/results?cursor=c"]);
        Counts(reply.Facts).ShouldBe(["q1 nConnected 3", "q1 nOffered 5", "q2 nOffered 7"]);
        reply.Facts.Series.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_cell_that_is_repeated_on_another_page_counts_once()
    {
        _queries.Pages = [(200, Page("q1", 5, "a")), (200, Page("q1", 5, ""))];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5"]);
    }

    [Fact]
    public async Task A_cell_with_different_values_on_two_pages_is_unreadable()
    {
        _queries.Pages = [(200, Page("q1", 5, "a")), (200, Page("q1", 6, null))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("different values"));
    }

    [Fact]
    public async Task A_view_is_compared_with_its_target_on_another_page()
    {
        _queries.Pages =
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
        _queries.Pages = [(200, Page("q1", 5, "a")), (200, whole.Replace("q2", "q3", StringComparison.Ordinal)[..^6]), (200, whole)];

        var reply = await RunAsync();

        Counts(reply.Facts).ShouldBe(["q1 nOffered 5", "q2 nOffered 7"]);
        reply.Facts.Series.Select(series => series.QueueId).ShouldBe(["q1", "q2"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[],"cursor":null}""")]
    public async Task No_figures_are_no_failure(string page)
    {
        _queries.Pages = [(200, page)];

        (await RunAsync()).Facts.Series.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_few_empty_pages_are_tolerated()
    {
        _queries.Pages = [(200, """{"cursor":"a"}"""), (200, """{"results":[],"cursor":"b"}"""), (200, """{"cursor":"c","results":[]}"""), (200, Page("q1", 5, null))];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5"]);
    }

    [Fact]
    public async Task Many_empty_pages_are_a_failure()
    {
        _queries.Pages = [.. Enumerable.Range(0, 20).Select(page => (200, $$"""{"results":[],"cursor":"c{{page}}"}"""))];

        (await FailAsync()).Message.ShouldContain("4 empty pages");
        _queries.Sent.Count(sent => sent.Contains("results", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "b", "a")]
    public async Task A_repeated_cursor_is_a_failure(params string[] cursors)
    {
        _queries.Pages = [.. cursors.Select((cursor, number) => (200, Page($"q{number}", 1, cursor))), (200, Page("q9", 1, null))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("cursor twice"));
    }

    [Fact]
    public void Pages_without_an_end_are_a_failure()
    {
        var pages = new AsyncQueryPages(GatewayDriver.Request);

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
    public async Task An_odd_page_is_unreadable(string page, string reason)
    {
        _queries.Pages = [(200, page)];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain(reason));
    }

    [Fact]
    public async Task A_cursor_that_fits_into_no_address_is_a_failure()
    {
        _queries.Pages = [(200, Page("q1", 1, new string('c', 5_000)))];

        (await FailAsync()).Message.ShouldContain("cursor");
    }

    [Theory]
    [InlineData("""{"state":"FAILED","errorMessage":"no luck"}""", nameof(GenesysFailureKind.Unavailable), "FAILED", "no luck")]
    [InlineData("""{"state":"FAILED"}""", nameof(GenesysFailureKind.Unavailable), "FAILED", null)]
    [InlineData("""{"state":"FAILED","errorMessage":"Result set is larger than result limit"}""", nameof(GenesysFailureKind.TooLarge), "FAILED", "Result set is larger than result limit")]
    [InlineData("""{"state":"CANCELLED"}""", nameof(GenesysFailureKind.Unavailable), "CANCELLED", null)]
    [InlineData("""{"state":"EXPIRED"}""", nameof(GenesysFailureKind.Timeout), "EXPIRED", null)]
    [InlineData("""{"state":"HIBERNATING"}""", nameof(GenesysFailureKind.Unreadable), "HIBERNATING", null)]
    [InlineData("""{"state":"3"}""", nameof(GenesysFailureKind.Unreadable), "unknown state", null)]
    [InlineData("""{"state":3}""", nameof(GenesysFailureKind.Unreadable), "no 'state'", null)]
    [InlineData("{}", nameof(GenesysFailureKind.Unreadable), "no 'state'", null)]
    [InlineData("[]", nameof(GenesysFailureKind.Unreadable), "no 'state'", null)]
    [InlineData("nothing", nameof(GenesysFailureKind.Unreadable), "no JSON", null)]
    public async Task Every_other_state_is_a_failure_and_the_query_is_deleted(string status, string kind, string reason, string? upstream)
    {
        _queries.States = [(200, status)];

        var failure = await FailAsync();

        (failure.Kind.ToString(), failure.UpstreamMessage).ShouldBe((kind, upstream));
        failure.Message.ShouldContain(reason);
        _queries.Sent.ShouldNotContain("GET /job%201/results");
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_reason_of_a_failed_query_contains_no_secret()
    {
        _queries.States = [(200, $$"""{"state":"FAILED","errorMessage":"bad {{GatewayDriver.Secret}}\nnext"}""")];

        (await FailAsync()).UpstreamMessage.ShouldBe("bad … next");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"jobId":""}""")]
    [InlineData("""{"jobId":".."}""")]
    [InlineData("""{"jobId":7}""")]
    public async Task A_submission_without_an_id_is_not_repeated(string reply)
    {
        _queries.Submissions = [(202, reply)];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("jobId"));
        _queries.Sent.ShouldBe(["POST "]);
    }

    [Theory]
    [InlineData(403, nameof(GenesysFailureKind.Forbidden))]
    [InlineData(404, nameof(GenesysFailureKind.Rejected))]
    [InlineData(400, nameof(GenesysFailureKind.Rejected))]
    [InlineData(501, nameof(GenesysFailureKind.Unavailable))]
    public async Task A_rejected_submission_is_the_failure_and_nothing_is_deleted(int status, string kind)
    {
        _queries.Submissions = [(status, Wire.Error("some.code", "no"))];

        var failure = await FailAsync();

        (failure.Kind.ToString(), failure.Status, failure.Code).ShouldBe((kind, status, "some.code"));
        _queries.Sent.ShouldBe(["POST "]);
    }

    [Fact]
    public async Task While_Genesys_runs_too_many_queries_the_submission_waits()
    {
        _queries.Submissions = [.. Enumerable.Repeat((429, Wire.Error("too.many.requests", "concurrent jobs")), 12), (202, """{"jobId":"job 1"}""")];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5", "q1 tHandle 2"]);
    }

    [Fact]
    public async Task A_submission_that_Genesys_never_accepts_is_rate_limited()
    {
        _queries.Submissions = [(429, Wire.Error("too.many.requests", "concurrent jobs"))];

        (await FailAsync(step: TimeSpan.FromSeconds(5))).Kind.ShouldBeOneOf(GenesysFailureKind.RateLimited, GenesysFailureKind.Timeout);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Results_that_are_not_ready_are_asked_for_again(int status)
    {
        _queries.Pages = [(status, """{"message":"not yet"}"""), (status, ""), (200, Page("q1", 5, null))];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5"]);
    }

    [Fact]
    public async Task Results_that_expire_between_two_pages_are_a_failure()
    {
        _queries.States = [(200, """{"state":"FULFILLED"}"""), (200, """{"state":"EXPIRED"}""")];
        _queries.Pages = [(200, Page("q1", 5, "a")), (410, Wire.Error("gone", "expired"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("EXPIRED"));
    }

    [Theory]
    [InlineData(400, nameof(GenesysFailureKind.Unreadable))]
    [InlineData(404, nameof(GenesysFailureKind.Timeout))]
    [InlineData(410, nameof(GenesysFailureKind.Timeout))]
    public async Task Results_that_Genesys_keeps_rejecting_are_never_a_rejected_request(int status, string kind)
    {
        _queries.Pages = [(status, Wire.Error("some.code", "no"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ToString().ShouldBe(kind),
            failure => failure.Status.ShouldBe(status));
        _queries.Sent.Count(sent => sent.EndsWith("results", StringComparison.Ordinal)).ShouldBe(3);
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_query_that_Genesys_has_forgotten_is_a_failure()
    {
        _queries.States = [(404, Wire.Error("not.found", "no"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("no longer exist"));
    }

    [Fact]
    public async Task The_time_limit_ends_a_query_and_it_is_deleted()
    {
        _queries.States = [(200, """{"state":"QUEUED"}""")];
        var started = _driver.Clock.GetTimestamp();

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("300 s (Genesys:AsyncQueryTimeout)"));

        _driver.Clock.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.4));
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_query_and_it_is_deleted()
    {
        _queries.States = [(200, """{"state":"QUEUED"}""")];
        using var leaving = new CancellationTokenSource();
        var pending = _driver.Gateway.RunAsynchronousQueryAsync(GatewayDriver.Request, leaving.Token);
        await GatewayDriver.SettleAsync();

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => pending);
        await GatewayDriver.SettleAsync();
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_deletion_that_fails_changes_nothing(int status)
    {
        _queries.Deletions = [(status, "")];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5", "q1 tHandle 2"]);
    }

    [Fact]
    public async Task A_deletion_delays_no_reply()
    {
        _driver.Genesys.Always = null;
        _driver.Genesys.Ok("""{"jobId":"x"}""");
        _driver.Genesys.Ok("""{"state":"FULFILLED"}""");
        _driver.Genesys.Ok(Wire.OneQueue);
        _driver.Genesys.Hang();
        var started = _driver.Clock.GetTimestamp();

        await RunAsync();

        _driver.Clock.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        _driver.Genesys.Requests.Last().Method.ShouldBe(HttpMethod.Delete);
        _driver.Clock.Advance(TimeSpan.FromSeconds(10));
        await GatewayDriver.SettleAsync();
        _driver.Logs.Lines.ShouldContain(line => line.StartsWith("1006 ", StringComparison.Ordinal), "the deletion has a limit of its own");
    }

    [Fact]
    public async Task Every_call_counts_against_the_call_budget_except_the_deletion()
    {
        _queries.States = [(200, """{"state":"QUEUED"}""")];

        var failure = await FailAsync(GatewayDriver.Request with { Origin = RequestOrigin.Anonymous with { Calls = new CallBudget(4) } });

        failure.CallsUsedUp.ShouldBeTrue();
        _queries.Sent.ShouldBe(["POST ", "GET /job%201", "GET /job%201", "GET /job%201", "DELETE /job%201"]);
    }

    [Fact]
    public async Task A_poll_that_fails_is_retried_like_any_call_and_counted()
    {
        _queries.States = [(503, ""), (200, """{"state":"FULFILLED"}""")];

        (await RunAsync()).Calls.ShouldBe(4);
    }

    [Fact]
    public async Task The_end_of_a_query_is_logged()
    {
        await RunAsync();

        _driver.Logs.Lines.ShouldContain(line => line.StartsWith("1005 ", StringComparison.Ordinal) && line.Contains("fulfilled (1 pages, 4 calls)", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        // Ends a deletion that is still in progress: the services wait for it when they are disposed.
        _driver.Clock.Advance(TimeSpan.FromSeconds(11));
        await GatewayDriver.SettleAsync();
        _driver.Dispose();
    }

    private static string Page(string queue, int count, string? cursor, string metric = "nOffered") =>
        PageOf(queue, $$$"""{"interval":"INTERVAL","metrics":[{"metric":"{{{metric}}}","stats":{"count":{{{count}}}}}]}""", cursor);

    private static string PageOf(string queue, string bucket, string? cursor) =>
        $$$"""{"results":[{"group":{"mediaType":"voice","queueId":"{{{queue}}}"},"data":[{{{bucket}}}]}]{{{(cursor is null ? "" : $",\"cursor\":\"{cursor}\"")}}}}"""
            .Replace("INTERVAL", "2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z", StringComparison.Ordinal);

    private static string[] Counts(AggregateFacts facts) => [.. facts.Columns
        .SelectMany(column => column.Cells.Select((cell, row) => string.Create(CultureInfo.InvariantCulture, $"{facts.Series[cell / facts.BucketCount].QueueId} {column.Metric} {column.Count![row]}")))
        .Order(StringComparer.Ordinal)];

    private async Task<AggregatesReply> RunAsync(GatewayDriver? driver = null, AggregatesRequest? request = null, TimeSpan? step = null)
    {
        driver ??= _driver;
        var pending = driver.Gateway.RunAsynchronousQueryAsync(request ?? GatewayDriver.Request, TestContext.Current.CancellationToken);
        await driver.PassTimeUntilAsync(pending, step);
        await GatewayDriver.SettleAsync();
        return await pending;
    }

    private async Task<GenesysFailure> FailAsync(AggregatesRequest? request = null, TimeSpan? step = null)
    {
        var failed = await Should.ThrowAsync<GenesysException>(() => RunAsync(request: request, step: step ?? TimeSpan.FromSeconds(4)));
        await GatewayDriver.SettleAsync();
        return failed.Failure;
    }

    private async Task<AggregatesReply> SynchronousAsync()
    {
        _driver.Genesys.Ok(Wire.OneQueue);
        return await _driver.QueryAsync(TestContext.Current.CancellationToken);
    }
}
