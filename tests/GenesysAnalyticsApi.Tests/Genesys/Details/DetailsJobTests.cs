using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Details;

/// <summary>
/// Asynchronous queries for conversations, with either client (<see cref="TestedClient"/>). What they have in common with those for figures is tested in
/// <see cref="AsyncQueryTests"/>.
/// </summary>
public sealed class DetailsJobTests : IAsyncDisposable
{
    private static readonly DetailsRequest Request = new(GatewayDriver.Day[0], GatewayDriver.Day[1]);

    private readonly GatewayDriver _driver = new();
    private readonly FakeAsyncQueries _queries;

    public DetailsJobTests() => _queries = new FakeAsyncQueries(_driver, FakeAsyncQueries.DetailsPath);

    [Fact]
    public async Task A_job_is_submitted_polled_read_page_by_page_and_deleted()
    {
        _queries.Pages = [(200, DetailsWireText.JobPage("a+b", DetailsWireText.Whole)), (200, DetailsWireText.JobPage(null, DetailsWireText.Bare(DetailsWireText.OtherId), "7"))];

        var pages = await RunAsync(Request with { Filter = DetailsFilter.None with { QueueIds = ["q1"], Direction = "outbound" } });

        _queries.Sent.Select(Uri.UnescapeDataString).ShouldBe(
        [
            "POST ", "GET /job 1", "GET /job 1", "GET /job 1/results?pageSize=1000", "GET /job 1/results?cursor=a+b&pageSize=1000", "DELETE /job 1",
        ]);
        _driver.Genesys.Requests.First().Body.ShouldBeJson(
            """
            {"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","order":"asc","orderBy":"conversationStart",
             "conversationFilters":[{"type":"or","predicates":[{"type":"dimension","dimension":"originatingDirection","operator":"matches","value":"outbound"}]}],
             "segmentFilters":[{"type":"and","clauses":[{"type":"or","predicates":[{"type":"dimension","dimension":"queueId","operator":"matches","value":"q1"}]}]}]}
            """);
        pages.Select(page => page.Conversations.Single().Id).ShouldBe([DetailsWireText.Id, DetailsWireText.OtherId]);
        pages.Select(page => page.DataAvailableUntil).ShouldBe([Instant.FromUtc(2026, 1, 2, 0, 0), Instant.FromUtc(2026, 1, 2, 0, 0)]);
        pages.Select(page => page.FetchedAt).Distinct().ShouldBe([Instant.FromUtc(2026, 1, 5, 12, 0)]);
        pages.Select(page => page.Calls).ShouldBe([4, 1]);
        pages[1].InvalidEntries.ShouldHaveSingleItem();
        _driver.Logs.Lines.ShouldContain(line => line.StartsWith("1005 ", StringComparison.Ordinal) && line.Contains("fulfilled (2 pages, 5 calls)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_configured_page_size_applies()
    {
        using var driver = new GatewayDriver(options => options.AsyncQueryPageSize = 250);
        var queries = new FakeAsyncQueries(driver, FakeAsyncQueries.DetailsPath) { Pages = [(200, "{}")] };

        await RunAsync(Request, driver);

        queries.Sent.ShouldContain("GET /job%201/results?pageSize=250");
    }

    [Fact]
    public async Task A_page_is_returned_before_the_next_one_is_requested_and_a_consumer_may_stop()
    {
        _queries.Pages = [(200, DetailsWireText.JobPage("a", DetailsWireText.Whole)), (200, DetailsWireText.JobPage("b", DetailsWireText.Whole))];

        await PassTimeAsync(Task.Run(async () =>
        {
            await foreach (var page in _driver.Details.RunDetailsJobAsync(Request, TestContext.Current.CancellationToken))
            {
                page.Conversations.Length.ShouldBe(1);
                break;
            }
        }, TestContext.Current.CancellationToken));

        _queries.Sent.Count(sent => sent.Contains("results", StringComparison.Ordinal)).ShouldBe(1);
        _queries.IsDeleted.ShouldBeTrue();
        _driver.Logs.Lines.ShouldContain(line => line.StartsWith("1005 ", StringComparison.Ordinal) && line.Contains("abandoned (1 pages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_consumer_cancels_the_job_ends_and_is_deleted()
    {
        _queries.States = [(200, """{"state":"QUEUED"}""")];
        using var cancellation = new CancellationTokenSource();
        var pending = Task.Run(() => ReadAllAsync(_driver, Request, cancellation.Token), TestContext.Current.CancellationToken);
        await GatewayDriver.WaitUntilAsync(() => _queries.Sent.Contains("POST "), "the service submits the job");
        while (!_queries.Sent.Contains("GET /job%201"))
        {
            await GatewayDriver.SettleAsync();
            _driver.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => pending);
        await GatewayDriver.WaitUntilAsync(() => _queries.IsDeleted, "the service deletes the job");
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "b", "a")]
    public async Task A_repeated_cursor_is_a_failure(params string[] cursors)
    {
        _queries.Pages = [.. cursors.Select(cursor => (200, DetailsWireText.JobPage(cursor, DetailsWireText.Whole)))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("repeats a cursor"));
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Many_empty_pages_are_a_failure_and_a_few_are_not()
    {
        _queries.Pages = [(200, """{"cursor":"a"}"""), (200, DetailsWireText.JobPage("b")), (200, DetailsWireText.JobPage(null, DetailsWireText.Whole))];
        (await RunAsync(Request)).Sum(page => page.Conversations.Length).ShouldBe(1);

        _queries.Pages = [.. Enumerable.Range(0, 50).Select(page => (200, DetailsWireText.JobPage($"c{page}")))];
        (await FailAsync()).Message.ShouldContain("4 empty pages");
    }

    [Theory]
    [InlineData(202)]
    [InlineData(409)]
    public async Task Results_that_are_not_ready_are_requested_again(int status)
    {
        _queries.Pages = [(status, """{"message":"not yet"}"""), (200, DetailsWireText.JobPage(null, DetailsWireText.Whole))];

        (await RunAsync(Request)).ShouldHaveSingleItem().Conversations.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Results_that_expire_between_two_pages_are_a_failure_after_the_earlier_pages()
    {
        _queries.States = [(200, """{"state":"FULFILLED"}"""), (200, """{"state":"EXPIRED"}""")];
        _queries.Pages = [(200, DetailsWireText.JobPage("a", DetailsWireText.Whole)), (410, "")];
        var read = new List<DetailsPage>();

        (await FailAsync(read)).Message.ShouldContain("EXPIRED");

        read.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"state":"FAILED","errorMessage":"search interval does not exceed 7 days"}""", nameof(GenesysFailureKind.TooLarge), 7)]
    [InlineData("""{"state":"FAILED","errorMessage":"no luck"}""", nameof(GenesysFailureKind.Unavailable), null)]
    [InlineData("""{"state":"CANCELLED"}""", nameof(GenesysFailureKind.Unavailable), null)]
    public async Task A_job_that_Genesys_gives_up_is_a_failure(string state, string kind, int? days)
    {
        _queries.States = [(200, state)];

        var failure = await FailAsync();

        (failure.Kind.ToString(), failure.MaxIntervalDays).ShouldBe((kind, days));
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_time_limit_ends_a_job_that_Genesys_does_not_compute()
    {
        _queries.States = [(200, """{"state":"QUEUED"}""")];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("300 s (Genesys:AsyncQueryTimeout)"));
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_time_limit_restarts_for_each_page_and_excludes_the_time_of_the_consumer()
    {
        _queries.Pages = [.. Enumerable.Range(0, 4).Select(page => (200, DetailsWireText.JobPage(page == 3 ? null : $"c{page}", DetailsWireText.Whole)))];
        var pages = 0;

        await PassTimeAsync(Task.Run(async () =>
        {
            await foreach (var page in _driver.Details.RunDetailsJobAsync(Request, TestContext.Current.CancellationToken))
            {
                pages += page.Conversations.Length;
                await Task.Delay(TimeSpan.FromMinutes(4), _driver.Clock, TestContext.Current.CancellationToken);
            }
        }, TestContext.Current.CancellationToken));

        pages.ShouldBe(4);
        _queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_page_that_never_becomes_ready_is_a_failure_of_that_page()
    {
        _queries.Pages = [(200, DetailsWireText.JobPage("a", DetailsWireText.Whole)), (202, "{}")];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("did not deliver a page of the asynchronous query within 300 s"));
    }

    [Fact]
    public async Task An_invalid_page_is_unreadable()
    {
        _queries.Pages = [(200, """{"message":"no"}""")];

        (await FailAsync()).Kind.ShouldBe(GenesysFailureKind.Unreadable);
    }

    public async ValueTask DisposeAsync()
    {
        // Ends a deletion that is still in progress: the services wait for it when they are disposed.
        _driver.Clock.Advance(TimeSpan.FromSeconds(11));
        await GatewayDriver.SettleAsync();
        _driver.Dispose();
    }

    private static async Task<List<DetailsPage>> ReadAllAsync(GatewayDriver driver, DetailsRequest request, CancellationToken cancellationToken, List<DetailsPage>? read = null)
    {
        read ??= [];
        await foreach (var page in driver.Details.RunDetailsJobAsync(request, cancellationToken))
        {
            read.Add(page);
        }

        return read;
    }

    private async Task<List<DetailsPage>> RunAsync(DetailsRequest request, GatewayDriver? driver = null)
    {
        driver ??= _driver;
        var pending = ReadAllAsync(driver, request, TestContext.Current.CancellationToken);
        await driver.PassTimeUntilAsync(pending);
        await GatewayDriver.SettleAsync();
        return await pending;
    }

    private async Task PassTimeAsync(Task pending)
    {
        await _driver.PassTimeUntilAsync(pending);
        await GatewayDriver.SettleAsync();
        await pending;
    }

    private async Task<GenesysFailure> FailAsync(List<DetailsPage>? read = null)
    {
        var failed = await Should.ThrowAsync<GenesysException>(() => PassTimeAsync(ReadAllAsync(_driver, Request, TestContext.Current.CancellationToken, read)));
        await GatewayDriver.SettleAsync();
        return failed.Failure;
    }
}
