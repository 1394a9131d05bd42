using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using GenesysSimulator;
using GenesysSimulator.Aggregates;
using GenesysSimulator.World;
using NodaTime;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class BucketTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Fact]
    public void Figures_of_two_parts_add_up_to_the_whole_wherever_it_is_cut()
    {
        var world = new SimulatedWorld(new SimulatorSettings { Queues = 6, LateMutation = true }, Day(2026, 4, 15));
        var queue = world.Queues.First(queue => queue.Name == "Customer Service").Id;
        var from = Day(2026, 4, 12);

        Gen.Select(Gen.Int[0, 259_200_000], Gen.OneOf(Gen.Const("voice"), Gen.Const("email"), Gen.Const("message"), Gen.Const("callback"))).Sample(
            (cut, media) =>
            {
                IReadOnlyDictionary<string, SimulatedFigure> Figures(int left, int right) => world.Figures(
                    queue, media, from.AddMilliseconds(left), from.AddMilliseconds(right), SimulatedOrganization.Now);

                var (whole, left, right) = (Figures(0, 259_200_000), Figures(0, cut), Figures(cut, 259_200_000));
                return whole.All(pair => pair.Value.Count == Count(left, pair.Key) + Count(right, pair.Key)
                    && pair.Value.Sum == Sum(left, pair.Key) + Sum(right, pair.Key));
            },
            iter: 60);

        static long Count(IReadOnlyDictionary<string, SimulatedFigure> figures, string name) => figures.GetValueOrDefault(name)?.Count ?? 0;
        static long Sum(IReadOnlyDictionary<string, SimulatedFigure> figures, string name) => figures.GetValueOrDefault(name)?.Sum ?? 0;
    }

    [Theory]
    [InlineData("PT15M")]
    [InlineData("PT1H")]
    [InlineData("P1D")]
    [InlineData("PT8H")]
    public async Task Buckets_add_up_to_the_interval(string granularity)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 8 });
        var query = Query(Day(2026, 4, 12), Day(2026, 4, 14));

        var whole = await organization.QueryAsync(query);
        var steps = await organization.QueryAsync(query.With("granularity", granularity));

        foreach (var metric in Standard)
        {
            IdentityTests.Sum(steps, metric).ShouldBe(IdentityTests.Sum(whole, metric), metric);
        }

        Total(steps, "tHandle").ShouldBe(Total(whole, "tHandle"));
    }

    [Theory]
    // The days of the clock change have 23 and 25 hours; their neighbors have 24.
    [InlineData("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", "24 23 24")]
    [InlineData("2025-10-24T22:00:00Z", "2025-10-27T23:00:00Z", "24 25 24")]
    public void A_day_has_the_length_of_its_zone(string from, string to, string expectedHours)
    {
        var buckets = Buckets.Of(Milliseconds(from), Milliseconds(to), "P1D", Berlin, 30_000);

        string.Join(' ', Enumerable.Range(0, buckets.Count).Select(Hours)).ShouldBe(expectedHours);
        Enumerable.Range(0, buckets.Count).ShouldAllBe(index => buckets.Of(buckets[index].Start) == index && buckets.Of(buckets[index].End - 1) == index);

        string Hours(int index) => ((buckets[index].End - buckets[index].Start) / 3_600_000).ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Months_follow_the_calendar_and_the_last_one_ends_with_the_interval()
    {
        var buckets = Buckets.Of(Milliseconds("2025-12-31T00:00:00Z"), Milliseconds("2026-04-10T00:00:00Z"), "P1M", DateTimeZone.Utc, 30_000);

        Enumerable.Range(0, buckets.Count).Select(index => Instant.FromUnixTimeMilliseconds(buckets[index].End).ToString("uuuu-MM-dd", null))
            .ShouldBe(["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-10"]);
    }

    [Fact]
    public async Task Intervals_are_formatted_in_UTC_with_milliseconds_and_empty_buckets_are_omitted()
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        var query = Query(Day(2026, 4, 12), Day(2026, 4, 14), "nOffered").With("granularity", "PT1H").Only(organization.Queue("Billing DE"));

        var rows = (await organization.QueryAsync(query)).First(result => result!.Dimension("mediaType") == "voice")!["data"]!.AsArray();

        rows.Count.ShouldBeLessThan(40);
        rows.ShouldAllBe(row => row!["metrics"]!.AsArray().Count == 1);
        var hours = rows.Select(row => row!["interval"]!.GetValue<string>()).ToList();
        hours.ShouldContain("2026-04-13T08:00:00.000Z/2026-04-13T09:00:00.000Z");
        hours.ShouldNotContain("2026-04-13T01:00:00.000Z/2026-04-13T02:00:00.000Z");
    }

    private static long Total(JsonArray results, string metric) =>
        results.Sum(result => result!["data"]!.AsArray().Sum(row => row!.Stat(metric, "sum")));

    private static long Milliseconds(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
