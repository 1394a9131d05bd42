using CsCheck;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Request;

/// <summary>The service accepts the notations of other tools, and its response shows the canonical one.</summary>
public sealed class NotationTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15, 20);

    [Theory]
    [InlineData("timeZone=India+Standard+Time", "timeZone", "Asia/Kolkata")]
    [InlineData("timeZone=Eastern%20Standard%20Time", "timeZone", "America/New_York")]
    [InlineData("timeZone=+05:30", "timeZone", "+05:30")] // unencoded
    [InlineData("timeZone=%2B0530", "timeZone", "+05:30")]
    [InlineData("timeZone=UTC+5:30", "timeZone", "+05:30")]
    [InlineData("timeZone=Z", "timeZone", "UTC")]
    [InlineData("timeZone=europe/berlin", "timeZone", "Europe/Berlin")]
    [InlineData("timeZone=AMERICA/NEW_YORK", "timeZone", "America/New_York")]
    [InlineData("timeZone=etc/gmt+5", "timeZone", "Etc/GMT+5")] // unencoded
    [InlineData("granularity=PT60M", "granularity", "PT1H")]
    [InlineData("granularity=30m", "granularity", "PT30M")]
    [InlineData("granularity=daily", "granularity", "P1D")]
    [InlineData("last=24h", "interval", "2026-11-22T09:15:00Z/2026-11-23T09:15:00Z")]
    [InlineData("last=pt24h", "interval", "2026-11-22T09:15:00Z/2026-11-23T09:15:00Z")]
    [InlineData("last=7d&granularity=1d", "interval", "2026-11-16T00:00:00Z/2026-11-23T09:15:00Z")]
    [InlineData("from=now-1d/d&to=now-1d/d", "interval", "2026-11-22T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("from=now/d&to=now/d&timeZone=+05:30", "interval", "2026-11-22T18:30:00Z/2026-11-23T09:15:00Z")]
    [InlineData("interval=now-7d/d/now/d", "interval", "2026-11-16T00:00:00Z/2026-11-23T09:15:00Z")]
    [InlineData("from=1795420800000&to=1795424400", "interval", "2026-11-23T08:00:00Z/2026-11-23T09:00:00Z")]
    [InlineData("from=2026-11-22T00:00:00+01:00&to=2026-11-22T12:00:00+01:00", "interval", "2026-11-21T23:00:00Z/2026-11-22T11:00:00Z")] // unencoded
    [InlineData("period=YESTERDAY", "interval", "2026-11-22T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("period=this-year", "interval", "2026-01-01T00:00:00Z/2026-11-23T09:15:00Z")]
    public async Task An_alternative_notation_is_returned_in_its_canonical_form(string query, string field, string expected)
    {
        await using var given = await SimulatedService.StartAsync();

        (await given.QueryAsync($"/aggregates?{query}&groupBy=none&explain=true")).GetProperty("query").GetProperty(field).GetString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("last=24h", "last=PT24H")]
    [InlineData("last=P3D&granularity=60m", "last=P3D&granularity=PT1H")]
    [InlineData("period=last-30-days&granularity=P1D&timeZone=India+Standard+Time", "period=last-30-days&granularity=P1D&timeZone=Asia/Kolkata")]
    public async Task An_alternative_notation_has_the_same_response_as_the_canonical_form(string query, string canonical)
    {
        using var service = Service(out _);

        (await service.QueryAsync(query)).ToJsonString().ShouldBe((await service.QueryAsync(canonical)).ToJsonString());
    }

    [Theory]
    [InlineData("+05:30", "Asia/Kolkata", "period=last-30-days&granularity=P1D")]
    [InlineData("+05:30", "Asia/Kolkata", "last=P40D&granularity=P1W")]
    [InlineData("+05:30", "Asia/Kolkata", "period=last-28-days")]
    [InlineData("+05:45", "Asia/Kathmandu", "last=P3D&granularity=PT1H")]
    [InlineData("-03:30", "America/St_Johns", "from=2026-11-02&granularity=P1D")] // winter: no zone has this offset all year, but this zone has it then
    [InlineData("-03:30", "America/St_Johns", "from=2026-11-02&to=2026-11-20")]
    public async Task A_fixed_offset_has_the_same_figures_as_a_zone_with_that_offset(string offset, string zone, string query)
    {
        using var fixedOffset = Service(out var genesysOfOffset);
        using var named = Service(out _);

        var response = await fixedOffset.QueryAsync($"{query}&timeZone={Uri.EscapeDataString(offset)}");
        var expected = await named.QueryAsync($"{query}&timeZone={zone}");

        response.Records().Count.ShouldBeGreaterThan(0);
        response["records"]!.ToJsonString().ShouldBe(expected["records"]!.ToJsonString());
        response["query"]!["timeZone"]!.GetValue<string>().ShouldBe(offset);
        genesysOfOffset.Violations.ShouldBeEmpty("Genesys accepts only IANA names");
    }

    private static RunningService Service(out FakeGenesysServer genesys)
    {
        genesys = new FakeGenesysServer { Events = FakeEvents.Before(Now).Array[300].Single(_ => true, "0N0XIzNsQ0O2") };
        return new() { Clock = new FakeTimeProvider(Now.ToDateTimeOffset()), Upstream = genesys.Upstream() };
    }
}
