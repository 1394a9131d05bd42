using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Organizations with thousands of queues: the number of listed queues says nothing about the size of replies.</summary>
public sealed class ManyQueuesTests
{
    [Theory]
    [InlineData(4_000, false, 3)]
    [InlineData(10_000, false, 3)]
    [InlineData(4_000, true, 3)]
    [InlineData(10_000, true, 3)]
    [InlineData(4_000, false, 4_000)] // every queue is busy in every hour
    [InlineData(4_000, true, 4_000)]
    public async Task A_plain_query_succeeds_right_after_startup_and_again_later(int queues, bool asOneQueue, int busy)
    {
        var genesys = new LargeOrganization().With(queues);
        foreach (var id in genesys.Listed.Skip(busy))
        {
            genesys.Offered.Remove(id);
        }

        var keys = new IssuedKeys().Add("all", ("Scopes:0", "read")).Add("one", ("Queues:0", LargeOrganization.Id(2)));
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = keys.Settings };
        await service.Services.GetRequiredService<QueueDirectory>().GetAsync(TestContext.Current.CancellationToken);
        using var client = keys.Of(asOneQueue ? "one" : "all", service);

        var first = await QueryAsync(client, "");
        var calls = genesys.Requests.Count;
        var second = await QueryAsync(client, "?last=PT23H");

        // From 09:15 to 09:15: the 24 full hours from 10:00 yesterday to 09:00 today.
        Offered(first).ShouldBe((asOneQueue ? 1 : busy) * 24);
        Offered(second).ShouldBe((asOneQueue ? 1 : busy) * 23);
        first.Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
        calls.ShouldBeLessThanOrEqualTo(40);
    }

    /// <summary>Not even one hour of all queues fits into a reply, so the service requests the queues that the key can see by id, in few calls.</summary>
    [Fact]
    public async Task A_key_for_one_queue_needs_few_calls_if_Genesys_never_returns_all_queues()
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(10_000);
        var keys = new IssuedKeys().Add("one", ("Queues:0", LargeOrganization.Id(2)));
        using var service = new RunningService { Upstream = genesys.Upstream(), Settings = keys.Settings };
        using var client = keys.Of("one", service);

        var first = await QueryAsync(client, "");

        Offered(first).ShouldBe(24);
        (first.Meta()["complete"]!.GetValue<bool>(), first.Warnings().Count).ShouldBe((true, 0));
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(12);
        genesys.Requests.ShouldAllBe(ids => ids.Count <= 200);
    }

    /// <summary>If even one bucket of all queues is too large, the service requests all known queues by id. It learns this from one bucket.</summary>
    [Fact]
    public async Task One_bucket_that_is_too_large_is_enough_to_request_all_queues_by_id()
    {
        var genesys = new LargeOrganization { RejectsAll = true }.With(150);
        using var service = new RunningService { Upstream = genesys.Upstream() };

        var response = await service.QueryAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H&groupBy=none");

        Offered(response).ShouldBe(150 * 24);
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task The_size_that_fits_is_learned_while_splitting()
    {
        var genesys = new LargeOrganization { MaxRows = 400 }.With(100);
        using var service = new RunningService { Upstream = genesys.Upstream() };

        var response = await service.QueryAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H&groupBy=none");

        Offered(response).ShouldBe(100 * 24);
        response.Warnings().ShouldBeEmpty();
        genesys.Requests.Count.ShouldBeLessThanOrEqualTo(12, "24, 12 and 6 hours are rejected once each, then 3 fit");
    }

    [Fact]
    public async Task Received_rows_are_limited_even_if_the_estimate_was_too_low()
    {
        using var service = new RunningService { Upstream = new LargeOrganization().With(300).Upstream(), Settings = new() { ["Aggregates:MaxRows"] = "5000" } };

        var problem = await service.QueryProblemAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H", 422, "too-large");

        problem.Text("detail")!.ShouldContain("7200 rows");
        Offered(await service.QueryAsync("from=2026-11-10&to=2026-11-11&granularity=PT1H&groupBy=none")).ShouldBe(300 * 24);
    }

    [Fact]
    public async Task Queues_with_data_count_once_if_the_response_is_filled_with_zeros()
    {
        var queues = string.Join(',', Enumerable.Range(1, 10).Select(LargeOrganization.Id));
        using var service = new RunningService { Upstream = new LargeOrganization().With(10).Upstream(), Settings = new() { ["Aggregates:MaxRows"] = $"{10 * 24}" } };

        var response = await service.QueryAsync($"from=2026-11-10&to=2026-11-11&granularity=PT1H&fill=zero&mediaType=voice&queueId={queues}");

        response.Records().Count.ShouldBe(10 * 24);
    }

    private static double Offered(JsonObject response) => response.Records().Sum(record => record.Number("offered") ?? 0);

    private static async Task<JsonObject> QueryAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(new Uri($"/aggregates{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
