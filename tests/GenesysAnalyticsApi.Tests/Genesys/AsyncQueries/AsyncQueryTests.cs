using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.AsyncQueries;

/// <summary>What every gateway must do for asynchronous queries, with either client (<see cref="TestedClient"/>): submit, poll and delete.</summary>
public sealed class AsyncQueryTests : AsyncQueryDriver
{
    [Fact]
    public async Task A_query_is_submitted_polled_read_and_deleted()
    {
        var reply = await RunAsync();

        Queries.Sent.ShouldBe(["POST ", "GET /job%201", "GET /job%201", "GET /job%201/results", "DELETE /job%201"]);
        Driver.Genesys.Requests.First().Body.ShouldBeJson(
            """{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","groupBy":["queueId","mediaType"],"metrics":["nOffered"],"pageSize":500}""");
        FactsText.Of(reply.Facts).ShouldBe(FactsText.Of((await SynchronousAsync()).Facts));
        reply.Calls.ShouldBe(4, "the deletion is not counted");
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
        Queries.States = [.. Enumerable.Repeat((200, """{"state":"QUEUED"}"""), 9), (200, """{"state":"fulfilled","errorMessage":null,"new":{}}""")];

        await RunAsync();

        var polls = Driver.Genesys.Requests.Where(request => request.Url.AbsolutePath.EndsWith("job%201", StringComparison.Ordinal) && request.Method == HttpMethod.Get).Select(request => request.At).ToList();
        var pauses = polls.Zip(polls.Skip(1), (one, next) => (next - one).TotalSeconds).ToList();
        pauses.ShouldBe(pauses.Order());
        (polls[0] - Driver.Genesys.Requests.First().At).TotalSeconds.ShouldBe(1, 0.3);
        pauses.ShouldSatisfyAllConditions(all => all[0].ShouldBe(1.5, 0.3), all => all[1].ShouldBe(2.25, 0.3), all => all[^1].ShouldBe(15, 0.3));
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
    [InlineData("nothing", nameof(GenesysFailureKind.Unreadable), "not valid JSON", null)]
    public async Task Every_other_state_is_a_failure_and_the_query_is_deleted(string status, string kind, string reason, string? upstream)
    {
        Queries.States = [(200, status)];

        var failure = await FailAsync();

        (failure.Kind.ToString(), failure.UpstreamMessage).ShouldBe((kind, upstream));
        failure.Message.ShouldContain(reason);
        Queries.Sent.ShouldNotContain("GET /job%201/results");
        Queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_reason_for_a_failed_query_contains_no_secret()
    {
        Queries.States = [(200, $$"""{"state":"FAILED","errorMessage":"bad {{GatewayDriver.Secret}}\nnext"}""")];

        (await FailAsync()).UpstreamMessage.ShouldBe("bad … next");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"jobId":""}""")]
    [InlineData("""{"jobId":".."}""")]
    [InlineData("""{"jobId":7}""")]
    public async Task A_submission_without_an_id_is_not_repeated(string reply)
    {
        Queries.Submissions = [(202, reply)];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unreadable),
            failure => failure.Message.ShouldContain("jobId"));
        Queries.Sent.ShouldBe(["POST "]);
    }

    [Theory]
    [InlineData(403, nameof(GenesysFailureKind.Forbidden))]
    [InlineData(404, nameof(GenesysFailureKind.Rejected))]
    [InlineData(400, nameof(GenesysFailureKind.Rejected))]
    [InlineData(501, nameof(GenesysFailureKind.Unavailable))]
    public async Task A_rejected_submission_is_reported_and_nothing_is_deleted(int status, string kind)
    {
        Queries.Submissions = [(status, Wire.Error("some.code", "no"))];

        var failure = await FailAsync();

        (failure.Kind.ToString(), failure.Status, failure.Code).ShouldBe((kind, status, "some.code"));
        Queries.Sent.ShouldBe(["POST "]);
    }

    [Fact]
    public async Task While_Genesys_runs_too_many_queries_the_submission_waits()
    {
        Queries.Submissions = [.. Enumerable.Repeat((429, Wire.Error("too.many.requests", "concurrent jobs")), 12), (202, """{"jobId":"job 1"}""")];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5", "q1 tHandle 2"]);
    }

    [Fact]
    public async Task A_submission_that_Genesys_never_accepts_is_rate_limited()
    {
        Queries.Submissions = [(429, Wire.Error("too.many.requests", "concurrent jobs"))];

        (await FailAsync()).Kind.ShouldBeOneOf(GenesysFailureKind.RateLimited, GenesysFailureKind.Timeout);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Results_that_are_not_ready_are_requested_again(int status)
    {
        Queries.Pages = [(status, """{"message":"not yet"}"""), (status, ""), (200, Page("q1", 5, null))];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5"]);
    }

    [Fact]
    public async Task Results_that_expire_between_two_pages_are_a_failure()
    {
        Queries.States = [(200, """{"state":"FULFILLED"}"""), (200, """{"state":"EXPIRED"}""")];
        Queries.Pages = [(200, Page("q1", 5, "a")), (410, Wire.Error("gone", "expired"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("EXPIRED"));
    }

    [Theory]
    [InlineData(400, nameof(GenesysFailureKind.Unreadable))]
    [InlineData(404, nameof(GenesysFailureKind.Timeout))]
    [InlineData(410, nameof(GenesysFailureKind.Timeout))]
    [InlineData(403, nameof(GenesysFailureKind.Unreadable))]
    [InlineData(501, nameof(GenesysFailureKind.Unreadable))]
    public async Task Results_that_Genesys_keeps_rejecting_are_never_reported_as_a_rejected_request(int status, string kind)
    {
        Queries.Pages = [(status, Wire.Error("some.code", "no"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ToString().ShouldBe(kind),
            failure => failure.Status.ShouldBe(status));
        Queries.Sent.Count(sent => sent.EndsWith("results", StringComparison.Ordinal)).ShouldBe(3);
        Queries.IsDeleted.ShouldBeTrue();
    }

    /// <summary>
    /// Genesys accepted the submission, so it offers asynchronous queries to this OAuth client. A failure that says otherwise would concern all queries.
    /// </summary>
    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task A_rejected_poll_concerns_only_its_query(int status)
    {
        Queries.States = [(200, """{"state":"PENDING"}"""), (status, Wire.Error("some.code", "no"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => (failure.Kind, failure.Status, failure.Code).ShouldBe((GenesysFailureKind.Unreadable, status, "some.code")),
            failure => failure.Message.ShouldBe($"Genesys accepted the asynchronous query, but its results cannot be read ({status})."));
        Queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_query_that_no_longer_exists_in_Genesys_is_a_failure()
    {
        Queries.States = [(404, Wire.Error("not.found", "no"))];

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("no longer exist"));
    }

    [Fact]
    public async Task The_time_limit_ends_a_query_and_it_is_deleted()
    {
        Queries.States = [(200, """{"state":"QUEUED"}""")];
        var started = Driver.Clock.GetTimestamp();

        (await FailAsync()).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Timeout),
            failure => failure.Message.ShouldContain("300 s (Genesys:AsyncQueryTimeout)"));

        Driver.Clock.GetElapsedTime(started).ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.4));
        Queries.IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_caller_disconnects_the_query_ends_and_is_deleted()
    {
        Queries.States = [(200, """{"state":"QUEUED"}""")];
        using var cancellation = new CancellationTokenSource();
        var pending = Driver.Gateway.RunAsynchronousQueryAsync(GatewayDriver.Request, cancellation.Token);
        await GatewayDriver.WaitUntilAsync(
            () =>
            {
                Driver.Clock.Advance(TimeSpan.FromMilliseconds(100));
                return Driver.Genesys.Requests.Any(request => request.Method == HttpMethod.Get);
            },
            "the state is polled");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => pending);
        await GatewayDriver.WaitUntilAsync(() => Queries.IsDeleted, "the query is deleted");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task A_failed_deletion_does_not_affect_the_reply(int status)
    {
        Queries.Deletions = [(status, "")];

        Counts((await RunAsync()).Facts).ShouldBe(["q1 nOffered 5", "q1 tHandle 2"]);
    }

    [Fact]
    public async Task The_deletion_does_not_delay_the_reply()
    {
        Driver.Genesys.DefaultReply = null;
        Driver.Genesys.Ok("""{"jobId":"x"}""");
        Driver.Genesys.Ok("""{"state":"FULFILLED"}""");
        Driver.Genesys.Ok(Wire.OneQueue);
        Driver.Genesys.Hang();
        var started = Driver.Clock.GetTimestamp();

        await RunAsync();

        Driver.Clock.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        Driver.Genesys.Requests.Last().Method.ShouldBe(HttpMethod.Delete);

        // On a slow machine, the time limit of the deletion may start only now.
        for (var second = 0; second < 300 && !Driver.Logs.Lines.Any(line => line.StartsWith("1006 ", StringComparison.Ordinal)); second++)
        {
            Driver.Clock.Advance(TimeSpan.FromSeconds(1));
            await GatewayDriver.SettleAsync();
        }

        Driver.Logs.Lines.ShouldContain(line => line.StartsWith("1006 ", StringComparison.Ordinal), "the deletion has a separate time limit");
    }

    [Fact]
    public async Task Every_call_counts_against_the_call_budget_except_the_deletion()
    {
        Queries.States = [(200, """{"state":"QUEUED"}""")];

        var failure = await FailAsync(GatewayDriver.Request with { Origin = RequestOrigin.Anonymous with { Calls = new CallBudget(4) } });

        failure.CallsUsedUp.ShouldBeTrue();
        Queries.Sent.ShouldBe(["POST ", "GET /job%201", "GET /job%201", "GET /job%201", "DELETE /job%201"]);
    }

    [Fact]
    public async Task A_poll_that_fails_is_retried_like_any_call_and_counted()
    {
        Queries.States = [(503, ""), (200, """{"state":"FULFILLED"}""")];

        (await RunAsync()).Calls.ShouldBe(4);
    }

    [Fact]
    public async Task The_end_of_a_query_is_logged()
    {
        await RunAsync();

        Driver.Logs.Lines.ShouldContain(line => line.StartsWith("1005 ", StringComparison.Ordinal) && line.Contains("fulfilled (1 pages, 4 calls)", StringComparison.Ordinal));
    }
}
