using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>A plan reveals nothing about the number of queues to a caller that cannot see them all.</summary>
public sealed class ExplainVisibilityTests
{
    private const string Day = "from=2026-11-18&to=2026-11-19&granularity=P1D";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    /// <summary>Compares the same queues in a small organization, in one that is fetched by shards, and in one whose replies are too large.</summary>
    [Fact]
    public async Task The_plan_does_not_depend_on_the_size_of_the_organization()
    {
        var seen = (await NamesAsync(20)).Intersect(await NamesAsync(48), StringComparer.Ordinal).Take(2).ToArray();
        seen.Length.ShouldBe(2);
        var small = await PlansAsync(new() { Queues = 20, RequestsPerMinute = 1_000_000, Volume = 0.2 }, seen, []);
        var sharded = await PlansAsync(
            new() { Queues = 48, RequestsPerMinute = 1_000_000, Volume = 0.2 }, seen, new() { ["Genesys:SliceRows"] = "30", ["Aggregates:AsyncAboveCalls"] = "1000" });
        var refusing = await PlansAsync(new() { Queues = 20, RequestsPerMinute = 1_000_000, Volume = 0.2, RowLimit = 12 }, seen, new() { ["Aggregates:MaxUpstreamCalls"] = "1000" });

        sharded.All.GetProperty("slices").GetArrayLength().ShouldBeGreaterThan(small.All.GetProperty("slices").GetArrayLength(), "fetched by shards");
        foreach (var (limited, slices) in new[] { small, sharded, refusing }.Select(plans => (plans.Limited, Slices(plans.Limited))))
        {
            slices.Select(slice => slice.GetProperty("scope").GetString()).Distinct().ShouldBe(["view"]);
            slices.ShouldAllBe(slice => slice.GetProperty("bodies").GetArrayLength() == 1);
            limited.GetProperty("calls").GetInt32().ShouldBe(slices.Length);
            Bare(limited).ShouldBe(Bare(small.Limited));
        }
    }

    [Fact]
    public async Task For_a_limited_caller_response_headers_count_slices_instead_of_shards()
    {
        var keys = new IssuedKeys().Add("all").Add("limited", ("Queues:0", "B*"), ("Queues:1", "S*"), ("Queues:2", "T*"));
        await using var service = await SimulatedService.StartAsync(
            new() { Queues = 48, RequestsPerMinute = 1_000_000, Volume = 0.2 },
            new(keys.Settings) { ["Genesys:SliceRows"] = "30", ["Aggregates:AsyncAboveCalls"] = "1000" });
        using var all = keys.Of("all", service.Service);
        using var limited = keys.Of("limited", service.Service);
        await service.QueryAsync("/queues", all);
        await service.QueryAsync($"/aggregates?{Day}", all);

        var ofLimited = await SlicesAsync(limited);
        var again = await SlicesAsync(limited);
        var ofAll = await SlicesAsync(all);

        ofAll.ShouldNotStartWith("cached=1,", Case.Sensitive, "slices are fetched by shards, and the queues of the other caller are in several of them");
        ofLimited.ShouldBe("cached=0, fetched=1, stale=0, failed=0");
        again.ShouldBe("cached=1, fetched=0, stale=0, failed=0");

        static async Task<string> SlicesAsync(HttpClient client)
        {
            using var response = await client.GetAsync(new Uri($"/aggregates?{Day.Replace("18", "17", StringComparison.Ordinal).Replace("19", "18", StringComparison.Ordinal)}", UriKind.Relative), TestCancellation);
            response.EnsureSuccessStatusCode();
            return response.Headers.GetValues("X-Slices").Single();
        }
    }

    private static async Task<(JsonElement Limited, JsonElement All)> PlansAsync(SimulatorSettings organization, string[] seen, Dictionary<string, string> settings)
    {
        var keys = new IssuedKeys().Add("all").Add("limited", ("Queues:0", seen[0]), ("Queues:1", seen[1]));
        foreach (var (key, value) in settings)
        {
            keys.Settings[key] = value;
        }

        await using var service = await SimulatedService.StartAsync(organization, keys.Settings);
        using var all = keys.Of("all", service.Service);
        using var limited = keys.Of("limited", service.Service);
        await service.QueryAsync("/queues", all);
        // The service learns the size of the organization from a reply.
        await service.QueryAsync($"/aggregates?{Day}", all);

        const string Explain = "/aggregates?explain=true&from=2026-11-10&to=2026-11-13&granularity=PT1H&metric=tAlert";
        return (await service.QueryAsync(Explain, limited), await service.QueryAsync(Explain, all));
    }

    private static async Task<string[]> NamesAsync(int queues)
    {
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(
            new() { Queues = queues }, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(SimulatedService.Monday), TestCancellation);
        return [.. simulator.World.Queues.Where(queue => queue.IsListed).Select(queue => queue.Name)];
    }

    private static JsonElement[] Slices(JsonElement plan) => [.. plan.GetProperty("slices").EnumerateArray()];

    // Queue ids differ between organizations.
    private static string Bare(JsonElement plan) => System.Text.RegularExpressions.Regex.Replace(plan.GetRawText(), "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID");
}
