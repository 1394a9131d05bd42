using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>If a request names queue ids, Genesys omits all other queues. Even so, no queue of a query may be missing, and none may count twice.</summary>
public sealed class ShardedQueueTests
{
    /// <summary>A settled day of 24 hours.</summary>
    private const string Day = "from=2026-11-10&to=2026-11-11&granularity=P1D";

    private static readonly string Gone = LargeOrganization.Id(0xdead);

    [Theory]
    [InlineData("")]
    [InlineData("&groupBy=none")]
    [InlineData("&groupBy=divisionId")]
    [InlineData("&queueId=B0000000-0000-4000-8000-00000000DEAD")]
    public async Task A_key_for_an_unlisted_queue_gets_its_figures(string form)
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(queues: 5);
        genesys.Offered[Gone] = 7;
        var keys = new IssuedKeys().Add("gone", ("Queues:0", Gone.ToUpperInvariant()));
        using var service = Service(genesys, keys.Settings);

        var response = await QueryAsync(keys.Of("gone", service), $"{Day}{form}");

        Offered(response).ShouldBe(7 * 24);
        (response.Meta()["complete"]!.GetValue<bool>(), response.Meta()["final"]!.GetValue<bool>()).ShouldBe((true, true));
        response.Warnings().ShouldNotContain("known-queues-only");
    }

    /// <summary>There are more series than <c>Genesys:SliceRows</c>, so shards are requested from the start.</summary>
    [Fact]
    public async Task An_unlisted_queue_belongs_to_a_shard_once_sharding_is_learned()
    {
        var genesys = new LargeOrganization().With(queues: 40);
        genesys.Offered[Gone] = 7;
        var keys = new IssuedKeys().Add("all", ("Scopes:0", "read")).Add("gone", ("Queues:0", Gone));
        using var service = Service(genesys, new(keys.Settings) { ["Genesys:SliceRows"] = "20" });
        await QueryAsync(keys.Of("all", service), "from=2026-11-12&to=2026-11-13&granularity=PT1H");
        genesys.Offered.Remove(Gone);
        genesys.Offered[LargeOrganization.Id(0xbeef)] = 9;

        var response = await QueryAsync(keys.Of("all", service), $"{Day}&queueId={LargeOrganization.Id(0xbeef)}");

        Offered(response).ShouldBe(9 * 24);
        response.Meta()["final"]!.GetValue<bool>().ShouldBeTrue();
        genesys.Requests.Last().ShouldContain(LargeOrganization.Id(0xbeef));
    }

    [Theory]
    [InlineData(6, "")] // by then, shards are requested from the start
    [InlineData(6, "&groupBy=none")]
    [InlineData(6, "&groupBy=divisionId")]
    [InlineData(61, "")] // all queues are requested at once again
    [InlineData(61, "&groupBy=none")]
    [InlineData(61, "&divisionId=d0000000-0000-4000-8000-000000000007")]
    [InlineData(61, "&queue=Queue*")]
    public async Task A_queue_that_is_listed_later_appears_in_settled_responses_immediately(int minutes, string form)
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(queues: 5);
        using var service = Service(genesys);
        await ReadListingAsync(service);
        await service.QueryAsync(Day + form.Replace("divisionId=d0000000-0000-4000-8000-000000000007", "groupBy=queueId", StringComparison.Ordinal));
        var before = await service.QueryAsync(Day);
        Offered(before).ShouldBe(5 * 24);
        before.Warnings().ShouldContain("known-queues-only");
        before.Meta()["final"]!.GetValue<bool>().ShouldBeFalse("a queue that was never seen may be missing");
        before.Records().ShouldAllBe(record => record["final"]!.GetValue<bool>(), "the present queues are complete");
        (await service.QueryAsync($"{Day}&groupBy=none")).Records().ShouldHaveSingleItem()["final"]!.GetValue<bool>().ShouldBeFalse();

        genesys.Listed = [.. genesys.Listed, LargeOrganization.Id(7)];
        genesys.Offered[LargeOrganization.Id(7)] = 100;
        ((FakeTimeProvider)service.Clock).Advance(TimeSpan.FromMinutes(minutes));
        await ReadListingAsync(service);

        var after = await service.QueryAsync(Day + form);
        Offered(after).ShouldBe((form.Contains("divisionId=d", StringComparison.Ordinal) ? 100 : 105) * 24);
    }

    [Fact]
    public async Task Only_the_queues_that_a_cached_slice_lacks_are_requested()
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(queues: 5);
        using var service = Service(genesys);
        await ReadListingAsync(service);
        await service.QueryAsync(Day);
        await service.QueryAsync(Day);
        genesys.Listed = [.. genesys.Listed, LargeOrganization.Id(7)];
        genesys.Offered[LargeOrganization.Id(7)] = 100;
        await ReadListingAsync(service);
        genesys.Requests.Clear();

        (await service.QueryAsync($"{Day}&explain=true"))["calls"]!.GetValue<int>().ShouldBe(1);
        Offered(await service.QueryAsync(Day)).ShouldBe(105 * 24);
        genesys.Requests.ShouldHaveSingleItem().ShouldBe([LargeOrganization.Id(7)]);

        genesys.Requests.Clear();
        Offered(await service.QueryAsync($"{Day}&groupBy=none")).ShouldBe(105 * 24);
        genesys.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_queue_that_cannot_be_fetched_is_reported_as_missing()
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(queues: 5);
        using var service = Service(genesys);
        await ReadListingAsync(service);
        await service.QueryAsync(Day);
        await service.QueryAsync(Day);
        genesys.Listed = [.. genesys.Listed, LargeOrganization.Id(7)];
        await ReadListingAsync(service);
        genesys.IsDown = true;

        var response = await service.QueryAsync(Day);

        Offered(response).ShouldBe(5 * 24);
        (response.Meta()["complete"]!.GetValue<bool>(), response.Meta()["final"]!.GetValue<bool>()).ShouldBe((false, false));
        response.Meta()["failedSlices"]!.AsArray().ShouldNotBeEmpty();
        response.Warnings().ShouldContain("queues-missing");
        response.Records().ShouldAllBe(record => !record["complete"]!.GetValue<bool>());
        await service.QueryProblemAsync($"{Day}&partial=deny", 503, "genesys-unavailable");
        await service.QueryProblemAsync($"{Day}&queueId={LargeOrganization.Id(7)}", 503, "genesys-unavailable");
    }

    /// <summary>The open hour fits into one reply for all queues and contains the deleted queue; the hours before it are requested by the listed ids.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("&maxAge=0")]
    public async Task A_queue_that_is_found_in_only_one_slice_is_requested_for_all_slices_of_the_response(string form)
    {
        var genesys = new LargeOrganization { RejectsAll = true, AcceptsAllHours = 1 }.With(queues: 5);
        genesys.Offered[Gone] = 7;
        using var service = Service(genesys);
        await ReadListingAsync(service);

        var response = await service.QueryAsync($"from=2026-11-22T00:00:00Z&granularity=PT1H{form}");

        var ofGone = response.Records().Where(record => record.Text("queueId") == Gone).ToList();
        ofGone.Count.ShouldBe(response.Records().Count(record => record.Text("queueId") == LargeOrganization.Id(1)));
        ofGone.ShouldAllBe(record => record.Number("offered") == 7);
    }

    [Fact]
    public async Task The_first_query_waits_for_the_listing_if_ids_are_needed()
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(queues: 5);
        using var service = Service(genesys);

        Offered(await service.QueryAsync(Day)).ShouldBe(5 * 24);
    }

    /// <summary>A shard without queues must not be requested: a request without ids returns all queues, and all figures would count twice.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(5, true)]
    public async Task No_queue_counts_twice(int queues, bool ignoresFilter)
    {
        var genesys = new LargeOrganization { RejectsAll = true, IgnoresFilter = ignoresFilter }.With(queues);
        using var service = Service(genesys);
        await ReadListingAsync(service);
        Offered(await service.QueryAsync(Day)).ShouldBe(queues * 24);
        genesys.RejectsAll = false;

        Offered(await service.QueryAsync("from=2026-11-11&to=2026-11-12&granularity=PT1H&groupBy=none")).ShouldBe(queues * 24);
    }

    [Fact]
    public async Task Queue_ids_are_case_insensitive()
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(queues: 3);
        genesys.Listed = [.. genesys.Listed.Select(id => id.ToUpperInvariant())];
        using var service = Service(genesys);
        await ReadListingAsync(service);
        Offered(await service.QueryAsync(Day)).ShouldBe(3 * 24);
        Offered(await service.QueryAsync(Day)).ShouldBe(3 * 24);
        genesys.Requests.Clear();

        Offered(await service.QueryAsync($"{Day}&queueId={LargeOrganization.Id(2)}")).ShouldBe(24);
        genesys.Requests.ShouldBeEmpty("the cached shard contains it");
    }

    private static RunningService Service(LargeOrganization genesys, Dictionary<string, string>? settings = null) => new()
    {
        Upstream = genesys.Upstream(),
        Settings = new(settings ?? []) { ["Genesys:RequestsPerMinute"] = "100000" },
    };

    private static async Task ReadListingAsync(RunningService service)
    {
        ((FakeTimeProvider)service.Clock).Advance(TimeSpan.FromSeconds(1));
        await service.Services.GetRequiredService<QueueDirectory>().RefreshAsync(TestContext.Current.CancellationToken);
    }

    private static double Offered(JsonObject response) => response.Records().Sum(record => record.Number("offered") ?? 0);

    private static async Task<JsonObject> QueryAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
