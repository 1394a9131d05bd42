// The tasks end before the service is disposed; the analyzer cannot see this.
#pragma warning disable CA2025
using System.Net;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using static GenesysAnalyticsApi.SystemTests.Observations.ObservationsTests;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>How the state is read: once for all callers, within the limits and permissions of Genesys, and labeled if something is missing.</summary>
public sealed class LiveStateTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_callers_cost_one_query_each_for_conversations_and_users()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        genesys.ReplyGate.Reset();

        var pending = Task.WhenAll(Enumerable.Range(0, 50).Select(caller => QueryAsync(service, caller % 2 == 0 ? "/observations" : "/observations?groupBy=none")));
        genesys.ReplyGate.Set();
        await pending;

        genesys.Calls.Select(call => call.Path).ShouldBe([LiveGenesys.Conversations, LiveGenesys.Users]);
        genesys.Calls.ShouldAllBe(call => call.Predicates == 0);
    }

    [Fact]
    public async Task A_state_is_used_until_it_is_due_or_a_caller_wants_a_newer_one()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        await QueryAsync(service, "/observations");
        Clock(service).Advance(TimeSpan.FromSeconds(9));
        await QueryAsync(service, "/observations?maxAge=60");
        genesys.CallCount(LiveGenesys.Conversations).ShouldBe(1);

        await QueryAsync(service, "/observations?maxAge=5");
        genesys.CallCount(LiveGenesys.Conversations).ShouldBe(2);
        Clock(service).Advance(TimeSpan.FromSeconds(11));
        await QueryAsync(service, "/observations");

        genesys.CallCount(LiveGenesys.Conversations).ShouldBe(3);
    }

    [Theory]
    [InlineData(199, true, "199 199 42")]
    [InlineData(60, true, "60 60 60 60 60 60 60 20")]
    [InlineData(199, false, "199 199 42")]
    public async Task If_Genesys_requires_a_filter_the_queues_are_named_in_chunks_and_no_request_is_rejected_twice(int max, bool namesLimit, string sizes)
    {
        var genesys = new LiveGenesys { Queues = 440, NeedsFilter = true, MaxPredicates = max, NamesLimit = namesLimit };
        using var service = Service(genesys, new() { ["Observations:MaxPredicates"] = namesLimit ? "200" : $"{max}" });

        var body = await QueryAsync(service, "/observations?groupBy=none");
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        await QueryAsync(service, "/observations?groupBy=none");

        body.GetProperty("records")[0].GetProperty("waiting").GetInt32().ShouldBe(440 * 441 / 2);
        body.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        genesys.Rejected.ShouldBe([LiveGenesys.Conversations]);
        var once = sizes.Split(' ').Select(int.Parse).Order().ToList();
        genesys.Calls.Where(call => call is { Path: LiveGenesys.Conversations, Predicates: > 0 }).Select(call => call.Predicates).Order().ShouldBe(once.Concat(once).Order());
        genesys.Calls.Where(call => call is { Path: LiveGenesys.Users }).Select(call => call.Predicates).Order().ShouldBe(once.Concat(once).Order());
    }

    [Fact]
    public async Task A_chunk_that_is_too_large_is_rejected_once()
    {
        var genesys = new LiveGenesys { Queues = 90, MaxPredicates = 40, Statuses = { [LiveGenesys.Conversations] = HttpStatusCode.Forbidden } };
        using var service = Service(genesys);

        await QueryAsync(service, "/observations");
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        await QueryAsync(service, "/observations");

        genesys.Rejected.ShouldBe([LiveGenesys.Observations]);
        genesys.Calls.Where(call => call.Path == LiveGenesys.Observations).Select(call => call.Predicates).Order().ShouldBe([10, 10, 40, 40, 40, 40, 90]);
    }

    [Theory]
    [InlineData(LiveGenesys.Conversations, HttpStatusCode.Forbidden)]
    [InlineData(LiveGenesys.Users, HttpStatusCode.Forbidden)]
    [InlineData(LiveGenesys.Conversations, HttpStatusCode.NotFound)]
    public async Task Without_permission_for_activity_queries_observations_queries_give_the_same_records(string path, HttpStatusCode status)
    {
        var genesys = new LiveGenesys();
        using var permitted = Service(genesys);
        var expected = await QueryAsync(permitted, "/observations");
        var denied = new LiveGenesys { Statuses = { [path] = status } };
        using var service = Service(denied);

        var body = await QueryAsync(service, "/observations");
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        await QueryAsync(service, "/observations");

        body.GetProperty("records").GetRawText().ShouldBe(expected.GetProperty("records").GetRawText());
        body.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        denied.CallCount(path).ShouldBe(1);
        denied.CallCount(LiveGenesys.Observations).ShouldBe(2);
    }

    [Fact]
    public async Task Without_any_permission_the_problem_names_the_missing_one()
    {
        var genesys = new LiveGenesys { Statuses = { [LiveGenesys.Conversations] = HttpStatusCode.Forbidden, [LiveGenesys.Observations] = HttpStatusCode.Forbidden } };
        using var service = Service(genesys);

        using var response = await service.CreateClient().GetAsync(Address("/observations"), TestCancellation);

        var problem = await JsonOf(response, HttpStatusCode.BadGateway);
        problem.GetProperty("detail").GetString()!.ShouldContain("analytics:queueObservation:view");
    }

    [Fact]
    public async Task If_users_cannot_be_read_conversations_are_returned_with_a_warning()
    {
        var genesys = new LiveGenesys { Queues = 1, Statuses = { [LiveGenesys.Users] = HttpStatusCode.Conflict } };
        using var service = Service(genesys);

        var body = await QueryAsync(service, "/observations");
        using var csv = await service.CreateClient().GetAsync(Address("/observations?format=csv"), TestCancellation);
        using var allowed = await service.CreateClient().GetAsync(Address("/observations?format=csv&partial=allow"), TestCancellation);

        body.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("mediaType").GetString()).ShouldBe(["email", "voice"]);
        body.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
        body.GetProperty("warnings")[0].GetProperty("code").GetString().ShouldBe("users-missing");
        (await JsonOf(csv, HttpStatusCode.ServiceUnavailable)).GetProperty("detail").GetString()!.ShouldContain("partial=allow");
        allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
        allowed.Headers.GetValues("X-Data-Complete").ShouldBe(["false"]);
        allowed.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task An_implausible_figure_is_omitted_with_a_warning_and_the_others_are_unchanged()
    {
        var genesys = new LiveGenesys
        {
            Queues = 2,
            Data = (path, queue) => path == LiveGenesys.Conversations && queue == 1 ? """{"metric":"oWaiting","count":-5},{"metric":"oInteracting","count":2}""" : null,
        };
        using var service = Service(genesys);

        var body = await QueryAsync(service, "/observations?groupBy=queue");

        var (odd, other) = (body.GetProperty("records")[0], body.GetProperty("records")[1]);
        odd.TryGetProperty("waiting", out _).ShouldBeFalse();
        (odd.GetProperty("interacting").GetInt32(), other.GetProperty("waiting").GetInt32()).ShouldBe((2, 2));
        body.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
        body.GetProperty("warnings")[0].GetProperty("message").GetString()!.ShouldContain("'oWaiting'");
        (await QueryAsync(service, $"/observations?queueId={LiveGenesys.Id(2)}")).GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"metric":"oWaiting","count":3},{"metric":7,"count":1}""", """{"mediaType":"voice","waiting":3}""")]
    [InlineData("""{"metric":"oWaiting","count":3},{"metric":"oLongestWaiting","count":1,"calculatedMetricValue":"soon"}""", """{"mediaType":"voice","waiting":3,"interacting":0,"alerting":0}""")]
    [InlineData("""{"metric":"oWaiting","count":3},{"metric":"oWaiting","count":4},{"metric":"oAlerting","count":1}""", """{"mediaType":"voice","interacting":0,"alerting":1}""")]
    public async Task Only_unknown_figures_are_omitted(string data, string record)
    {
        var genesys = new LiveGenesys { Queues = 2, Data = (path, queue) => path == LiveGenesys.Conversations && queue == 1 ? data : path == LiveGenesys.Conversations ? "" : null };
        using var service = Service(genesys);

        var body = await QueryAsync(service, $"/observations?groupBy=mediaType&queueId={LiveGenesys.Id(1)}&mediaType=voice");

        body.GetProperty("records")[0].GetRawText().ShouldBe(record);
        body.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_queue_that_Genesys_does_not_mention_has_zeros_unless_an_entry_was_lost()
    {
        var genesys = new LiveGenesys { Queues = 2, Data = (_, queue) => queue == 1 ? "" : null };
        using var service = Service(genesys);

        var quiet = (await QueryAsync(service, "/observations?groupBy=queue")).GetProperty("records")[0];

        (quiet.GetProperty("waiting").GetInt32(), quiet.GetProperty("onQueueUsers").GetInt32(), quiet.GetProperty("memberUsers").GetInt32()).ShouldBe((0, 0, 0));
        Clock(service).Advance(TimeSpan.FromSeconds(20));
        genesys.Data = (path, queue) => queue == 1 ? "" : path == LiveGenesys.Conversations ? """{"metric":"oWaiting","count":1}]},{"group":{"queueId":{}},"data":[""" : null;
        var lost = await QueryAsync(service, "/observations?groupBy=queue");
        lost.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("queueName").GetString()).ShouldBe(["Queue 002"]);
        lost.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task After_a_failure_the_last_state_is_returned_as_stale_until_it_is_too_old()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        await QueryAsync(service, "/observations");
        genesys.Statuses[LiveGenesys.Conversations] = HttpStatusCode.BadRequest;

        Clock(service).Advance(TimeSpan.FromSeconds(30));
        var stale = await QueryAsync(service, "/observations?groupBy=none");
        Clock(service).Advance(TimeSpan.FromMinutes(5));
        using var failed = await service.CreateClient().GetAsync(Address("/observations"), TestCancellation);

        stale.GetProperty("records")[0].GetProperty("waiting").GetInt32().ShouldBe(6);
        stale.GetProperty("records")[0].GetProperty("longestWaitMs").GetInt64().ShouldBe(210_000);
        (stale.GetProperty("meta").GetProperty("stale").GetBoolean(), stale.GetProperty("meta").GetProperty("ageMs").GetInt64()).ShouldBe((true, 30_000));
        stale.GetProperty("warnings")[0].GetProperty("code").GetString().ShouldBe("stale");
        failed.StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        genesys.Statuses.Clear();
        Clock(service).Advance(TimeSpan.FromSeconds(30));
        (await QueryAsync(service, "/observations")).GetProperty("meta").GetProperty("stale").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Clock_skew_is_subtracted_from_the_waits()
    {
        var clock = new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero);
        var genesys = new LiveGenesys { Queues = 1, Date = clock.AddMinutes(7), Since = LiveGenesys.WaitingSince.AddMinutes(7) };
        using var service = Service(genesys);

        var body = await QueryAsync(service, "/observations?groupBy=none");

        body.GetProperty("records")[0].GetProperty("longestWaitMs").GetInt64().ShouldBeInRange(179_000, 181_000);
    }

    [Fact]
    public async Task A_limited_caller_sees_only_its_queues_and_no_sign_of_others()
    {
        var keys = new IssuedKeys().Add("limited", ("Scopes:0", "read"), ("Queues:0", "Queue 001")).Add("full", ("Scopes:0", "read"));
        var genesys = new LiveGenesys
        {
            Data = (path, queue) => path == LiveGenesys.Conversations && queue == 2 ? """{"metric":"oWaiting","count":-5}""" : null,
        };
        using var service = Service(genesys, new(keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey" });

        var seen = await QueryAsync(service, "/observations", keys.Of("limited", service));
        var total = await QueryAsync(service, "/observations?groupBy=none", keys.Of("limited", service));
        using var hidden = await keys.Of("limited", service).GetAsync(Address($"/observations?queueId={LiveGenesys.Id(2)}"), TestCancellation);

        seen.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("queueId").GetString()).Distinct().ShouldBe([LiveGenesys.Id(1)]);
        seen.GetProperty("warnings").GetArrayLength().ShouldBe(0);
        seen.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        total.GetProperty("records")[0].GetProperty("waiting").GetInt32().ShouldBe(1);
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await QueryAsync(service, "/observations", keys.Of("full", service))).GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
        genesys.CallCount(LiveGenesys.Conversations).ShouldBe(1);
    }

    [Fact]
    public async Task Readers_get_the_newest_state_and_keep_it_fresh_and_nothing_is_read_without_them()
    {
        var genesys = new LiveGenesys();
        using var service = Service(genesys);
        var state = service.Services.GetRequiredService<LiveState>();
        await using var reader = state.WatchAsync(TestCancellation).GetAsyncEnumerator(TestCancellation);
        await using var slow = state.WatchAsync(TestCancellation).GetAsyncEnumerator(TestCancellation);

        var pending = slow.MoveNextAsync().AsTask();
        var versions = new List<long>();
        for (var read = 0; read < 3; read++)
        {
            var next = reader.MoveNextAsync().AsTask();
            await PassTimeUntilAsync(service, next);
            versions.Add(reader.Current.Version);
        }

        (await pending).ShouldBeTrue();
        (await slow.MoveNextAsync()).ShouldBeTrue();
        slow.Current.Version.ShouldBeGreaterThanOrEqualTo(versions[^1]);
        versions.ShouldBe(versions.Distinct().Order());

        await reader.DisposeAsync();
        await slow.DisposeAsync();
        state.Readers.ShouldBe(0);

        // Joins a read that may still be in progress.
        Clock(service).Advance(TimeSpan.FromMinutes(1));
        await QueryAsync(service, "/observations");
        var before = genesys.Calls.Count;
        for (var step = 0; step < 20; step++)
        {
            Clock(service).Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestCancellation);
        }

        genesys.Calls.Count.ShouldBe(before);
    }

    private static async Task PassTimeUntilAsync(RunningService service, Task task)
    {
        while (await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestCancellation)) != task)
        {
            Clock(service).Advance(TimeSpan.FromSeconds(1));
        }

        await task;
    }
}
