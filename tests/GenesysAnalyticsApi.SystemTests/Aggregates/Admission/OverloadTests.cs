using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Admission;

/// <summary>Under more load than the service can handle: which requests it rejects, that the others succeed, and that it recovers by itself.</summary>
public sealed class OverloadTests
{
    private const string Anonymous = "network:anonymous";

    private static readonly IssuedKeys Keys = new IssuedKeys().Add("busy").Add("modest");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));
    private readonly BlockingGateway _genesys = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task If_too_many_requests_wait_for_Genesys_the_next_is_rejected_without_a_Genesys_request()
    {
        using var service = Service(fetching: 2);
        using var client = service.CreateClient();
        await PrepareAsync(client, Day(1));
        _genesys.Hold();
        var before = _genesys.Requests;
        Task<HttpResponseMessage>[] waiting = [client.GetAsync(Day(2), TestCancellation), client.GetAsync(Day(3), TestCancellation)];
        await Eventually.IsTrueAsync(() => _genesys.Requests >= before + 2, "both wait for Genesys");
        var requests = _genesys.Requests;

        using var refused = await client.GetAsync(Day(4), TestCancellation);

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.ToString().ShouldBe("1");
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(TestCancellation));
        problem.GetProperty("type").GetString().ShouldBe("/problems/overloaded");
        problem.GetProperty("detail").GetString().ShouldBe("Too many requests are waiting for Genesys Cloud.");
        _genesys.Requests.ShouldBe(requests);

        // A query for a slice that is already being fetched joins that fetch and is not rejected.
        Task<HttpResponseMessage>[] joining = [.. Enumerable.Range(0, 20).Select(_ => client.GetAsync(Day(2) + "&groupBy=none", TestCancellation))];

        // Requests that need nothing from Genesys are not delayed: a cached response, a response folded from cached slices, the directory and the health check.
        foreach (var path in new[] { Day(1), Day(1) + "&groupBy=none", "/queues", "/health/live" })
        {
            (await client.GetAsync(path, TestCancellation)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        _genesys.Release();
        (await Task.WhenAll([.. waiting, .. joining])).ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);
        (await client.GetAsync(Day(4), TestCancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_caller_waits_for_the_first_free_slot_while_one_caller_holds_all()
    {
        using var service = Service(fetching: 2, keys: true);
        using var busy = Keys.Of("busy", service);
        using var modest = Keys.Of("modest", service);
        await PrepareAsync(busy, Day(1));
        _genesys.Hold();
        var before = _genesys.Requests;
        var waiting = Enumerable.Range(0, 40).Select(day => busy.GetAsync(OtherDay(day), TestCancellation)).ToList();
        await Eventually.IsTrueAsync(() => waiting.Count(pending => !pending.IsCompleted) == 2 && _genesys.Requests == before + 2, "two wait for Genesys, and the others are rejected");

        var other = modest.GetAsync(Day(4), TestCancellation);
        var excess = modest.GetAsync(Day(5), TestCancellation);
        await Eventually.IsTrueAsync(() => excess.IsCompleted || other.IsCompleted, "one waiting request is the caller's share");
        _genesys.Requests.ShouldBe(before + 2);
        _genesys.Release();

        var refused = await (other.IsCompleted ? other : excess);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Task.WhenAll(other, excess)).Count(response => response.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        (await Task.WhenAll(waiting)).Count(response => response.StatusCode == HttpStatusCode.OK).ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_waits_for_a_fetch_slot_until_the_deadline_is_rejected_and_blocks_no_others()
    {
        using var service = Service(fetching: 1);
        var limiter = service.Services.GetRequiredService<WorkLimiter>();
        using var first = await limiter.EnterAsync("key:busy", TestCancellation);
        await first.ReleaseToFetchAsync(TestCancellation);
        using var late = new CancellationTokenSource();
        using var second = await limiter.EnterAsync("key:modest", TestCancellation);
        Task[] waiting = [second.ReleaseToFetchAsync(late.Token), second.ReleaseToFetchAsync(late.Token)];

        await late.CancelAsync();

        foreach (var part in waiting)
        {
            (await Should.ThrowAsync<ProblemException>(() => part)).Problem.Detail!.ShouldContain("could not start before its deadline");
        }

        second.Dispose();
        using var third = await limiter.EnterAsync("key:another", TestCancellation);
        var next = third.ReleaseToFetchAsync(TestCancellation);
        first.Dispose();
        await next;
    }

    [Fact]
    public async Task When_one_caller_has_filled_the_request_queue_another_caller_is_still_admitted()
    {
        using var service = Service(queued: 2, keys: true);
        using var busy = Keys.Of("busy", service);
        using var modest = Keys.Of("modest", service);
        await PrepareAsync(busy, Day(1));
        var slots = await AllSlotsAsync(service.Services.GetRequiredService<WorkLimiter>());
        Task<HttpResponseMessage>[] waiting = [busy.GetAsync(Day(2), TestCancellation), busy.GetAsync(Day(3), TestCancellation)];
        await Eventually.IsTrueAsync(() => service.Services.GetRequiredService<WorkLimiter>().Queued == 2, "both wait");

        var other = modest.GetAsync(Day(4), TestCancellation);
        await Eventually.IsTrueAsync(() => waiting.Any(pending => pending.IsCompleted), "one of them is rejected");
        slots.ForEach(slot => slot.Dispose());

        (await other).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Task.WhenAll(waiting)).Select(response => response.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], ignoreOrder: true);
    }

    [Fact]
    public async Task A_rejected_query_does_not_wait_for_fetches_of_other_queries()
    {
        using var service = Service(fetching: 1);
        using var client = service.CreateClient();
        await PrepareAsync(client, Day(1));
        var before = _genesys.Requests;
        _genesys.Hold();
        var waiting = client.GetAsync(Day(2), TestCancellation);
        await Eventually.IsTrueAsync(() => _genesys.Requests > before, "Genesys receives the request");

        // The second day is already being fetched; the third needs another fetch.
        using var refused = await client.GetAsync(Day(2).Replace("to=2026-11-03", "to=2026-11-04", StringComparison.Ordinal), TestCancellation);
        var wasWaiting = !waiting.IsCompleted;
        _genesys.Release();

        (refused.StatusCode, wasWaiting).ShouldBe((HttpStatusCode.ServiceUnavailable, true));
        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_that_waits_too_long_for_a_slot_is_rejected_while_cached_responses_need_no_slot()
    {
        using var service = Service(queued: 1);
        using var client = service.CreateClient();
        await PrepareAsync(client, Day(1));
        var slots = await AllSlotsAsync(service.Services.GetRequiredService<WorkLimiter>());

        // One of the two is queued, and the other finds the queue full.
        Task<HttpResponseMessage>[] two = [client.GetAsync(Day(2), TestCancellation), client.GetAsync(Day(3), TestCancellation)];
        using var atOnce = await await Task.WhenAny(two);
        using var ready = await client.GetAsync(Day(1), TestCancellation);
        _clock.Advance(WorkLimiter.MaxQueueTime);
        var refused = await Task.WhenAll(two);
        slots.ForEach(slot => slot.Dispose());
        using var afterwards = await client.GetAsync(Day(2), TestCancellation);

        (await atOnce.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Too many requests are queued.");
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.ShouldAllBe(response => response.StatusCode == HttpStatusCode.ServiceUnavailable);
        afterwards.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slot_is_released_while_its_query_waits_and_reacquired_afterwards()
    {
        using var service = Service(fetching: 1);
        var limiter = service.Services.GetRequiredService<WorkLimiter>();
        var all = await AllSlotsAsync(limiter);
        all[0].Release();
        await all[0].ReleaseToFetchAsync(TestCancellation);

        using var next = await limiter.EnterAsync(Anonymous, TestCancellation);
        var back = all[0].ReacquireAsync(TestCancellation);
        var isReacquired = back.IsCompleted;
        next.Dispose();
        await back;
        var third = limiter.EnterAsync(Anonymous, TestCancellation).AsTask();
        all.ForEach(slot => slot.Dispose());
        all.ForEach(slot => slot.Dispose());
        (await third).Dispose();

        isReacquired.ShouldBeFalse();
        (await AllSlotsAsync(limiter)).ForEach(slot => slot.Dispose());
    }

    [Fact]
    public async Task A_request_that_cannot_step_aside_keeps_its_slot()
    {
        using var service = Service(fetching: 1);
        var limiter = service.Services.GetRequiredService<WorkLimiter>();
        var first = await limiter.EnterAsync(Anonymous, TestCancellation);
        await first.ReleaseToFetchAsync(TestCancellation);
        using var second = await limiter.EnterAsync(Anonymous, TestCancellation);

        (await Should.ThrowAsync<ProblemException>(() => second.ReleaseToFetchAsync(TestCancellation))).Problem.Name.ShouldBe("overloaded");
        first.Dispose();
        using var third = await limiter.EnterAsync(Anonymous, TestCancellation);
        await third.ReleaseToFetchAsync(TestCancellation);
    }

    private static async Task<List<WorkSlot>> AllSlotsAsync(WorkLimiter limiter)
    {
        var all = new List<WorkSlot>();
        for (var processor = 0; processor < Environment.ProcessorCount; processor++)
        {
            all.Add(await limiter.EnterAsync(Anonymous, TestCancellation));
        }

        return all;
    }

    private static string OtherDay(int day)
    {
        var from = new DateOnly(2026, 9, 1).AddDays(day);
        return $"/aggregates?from={from:O}&to={from.AddDays(1):O}&granularity=PT1H";
    }

    private static string Day(int day) => $"/aggregates?from=2026-11-0{day}&to=2026-11-0{day + 1}&granularity=PT1H";

    /// <summary>Loads the directory and sends the query often enough for its response to be cached.</summary>
    private static async Task PrepareAsync(HttpClient client, string query)
    {
        (await client.GetAsync("/queues", TestCancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var time = 0; time < 3; time++)
        {
            (await client.GetAsync(query, TestCancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private RunningService Service(int fetching = 32, int queued = 100, bool keys = false) => new()
    {
        Clock = _clock,
        Settings = new(keys ? Keys.Settings : [])
        {
            ["Auth:AllowAnonymous"] = keys ? "false" : "true",
            ["Limits:MaxFetching"] = $"{fetching}",
            ["Limits:MaxQueued"] = $"{queued}",
        },
        Replace = services => services.AddSingleton<IGenesysGateway>(_genesys),
    };
}
