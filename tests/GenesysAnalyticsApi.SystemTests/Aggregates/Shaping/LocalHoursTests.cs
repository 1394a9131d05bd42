using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Shaping;

/// <summary>With <c>hours</c> and <c>weekdays</c>, only time within them counts, also across clock changes.</summary>
public sealed class LocalHoursTests
{
    private static readonly string[] Sums = ["offered", "handled", "totalHandleTimeMs", "waitTimeMs", "outbound", "transferred"];

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-24", "2026-10-27", "08:00-20:00", "20:00-08:00")]
    [InlineData("Europe/Berlin", "2026-10-24", "2026-10-27", "02:00-03:00", "00:00-02:00,03:00-24:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-03", "2026-10-05", "01:30-02:30", "00:00-01:30,02:30-24:00")]
    [InlineData("Asia/Kolkata", "2026-11-10", "2026-11-12", "09:15-17:45", "17:45-09:15")]
    public async Task Hours_and_the_remaining_hours_add_up_to_the_whole_interval(string zone, string from, string to, string hours, string others)
    {
        await using var organization = await SimulatedService.StartAsync();
        var interval = $"/aggregates?from={from}&to={to}&timeZone={zone}&groupBy=none";

        var all = await organization.QueryAsync(interval);
        var inside = await organization.QueryAsync($"{interval}&hours={hours}");
        var outside = await organization.QueryAsync($"{interval}&hours={others}");

        foreach (var field in Sums)
        {
            (Number(inside, field) + Number(outside, field)).ShouldBe(Number(all, field), field);
        }

        Number(all, "offered").ShouldBeGreaterThan(0);
        Number(inside, "offered").ShouldBeLessThan(Number(all, "offered"));
        inside.GetProperty("query").GetProperty("hours").GetString().ShouldBe(hours);
        all.GetProperty("query").GetProperty("hours").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("PT1H", "08:00-20:00")]
    [InlineData("PT15M", "08:15-09:00,22:45-00:30")]
    [InlineData("PT1H", "02:00-04:00")]
    [InlineData("PT30M", "08:05-20:00")]
    public async Task Buckets_outside_the_hours_are_omitted_and_those_inside_are_unchanged(string granularity, string hours)
    {
        await using var organization = await SimulatedService.StartAsync();
        var interval = $"/aggregates?from=2026-10-24&to=2026-10-26&timeZone=Europe/Berlin&groupBy=none&fill=zero&granularity={granularity}";

        var all = (await organization.QueryAsync(interval)).GetProperty("records").EnumerateArray().ToDictionary(record => record.GetProperty("from").GetString()!);
        var some = (await organization.QueryAsync($"{interval}&hours={hours}")).GetProperty("records").EnumerateArray().ToList();

        var minutes = int.Parse(granularity[2..^1], System.Globalization.CultureInfo.InvariantCulture) * (granularity.EndsWith('H') ? 60 : 1);
        some.Select(record => record.GetProperty("from").GetString()).ShouldBe(all.Values
            .Where(record => IsTouched(TimeOf(record), minutes, hours)).Select(record => record.GetProperty("from").GetString()));
        foreach (var record in some.Where(record => IsInside(TimeOf(record), minutes, hours)))
        {
            record.ToString().ShouldBe(all[record.GetProperty("from").GetString()!].ToString());
        }
    }

    [Fact]
    public async Task Workdays_and_weekends_add_up_to_the_month_and_need_no_further_Genesys_request()
    {
        await using var organization = await SimulatedService.StartAsync();
        const string Month = "/aggregates?period=last-month&timeZone=America/New_York&groupBy=none";
        var all = await organization.QueryAsync(Month);

        var calls = await organization.CallsOfAsync(async () =>
        {
            var workdays = await organization.QueryAsync($"{Month}&weekdays=Mon-fri");
            var weekend = await organization.QueryAsync($"{Month}&weekdays=Sunday,SAT");
            foreach (var field in Sums)
            {
                (Number(workdays, field) + Number(weekend, field)).ShouldBe(Number(all, field), field);
            }

            workdays.GetProperty("query").GetProperty("weekdays").GetString().ShouldBe("mon,tue,wed,thu,fri");
            weekend.GetProperty("query").GetProperty("weekdays").GetString().ShouldBe("sat,sun");

            var days = await organization.QueryAsync($"{Month}&weekdays=sat-sun&granularity=P1D&fill=zero");
            days.GetProperty("records").EnumerateArray().Select(record => DateTime.Parse(record.GetProperty("localFrom").GetString()!, System.Globalization.CultureInfo.InvariantCulture).DayOfWeek)
                .ShouldAllBe(day => day == DayOfWeek.Saturday || day == DayOfWeek.Sunday);
            days.GetProperty("records").GetArrayLength().ShouldBe(9);
        });

        calls.ShouldBe(0);
    }

    [Fact]
    public async Task Only_slices_with_time_inside_the_hours_and_weekdays_are_read()
    {
        await using var organization = await SimulatedService.StartAsync();

        var plan = await organization.QueryAsync("/aggregates?from=2026-11-09&to=2026-11-23&hours=08:00-18:00&weekdays=mon,tue&explain=true");

        plan.GetProperty("slices").EnumerateArray().Select(slice => slice.GetProperty("from").GetString()).ShouldBe(
            ["2026-11-09T00:00:00Z", "2026-11-10T00:00:00Z", "2026-11-16T00:00:00Z", "2026-11-17T00:00:00Z"]);
    }

    [Theory]
    [InlineData("from=2026-11-09&to=2026-11-10&weekdays=sat,sun", "The interval contains no time within 'weekdays' sat,sun in UTC, so there are no figures.")] // a Monday
    [InlineData("from=2026-11-09T08:00&to=2026-11-09T12:00&hours=13:00-14:00,15:00-16:00", "The interval contains no time within 'hours' 13:00-14:00,15:00-16:00 in UTC, so there are no figures.")]
    [InlineData("from=2026-11-09T08:00&to=2026-11-09T12:00&hours=13:00-14:00&weekdays=mon", "The interval contains no time within 'hours' 13:00-14:00 in UTC, so there are no figures.")]
    [InlineData("from=2026-11-09T08:00&to=2026-11-09T12:00&hours=13:00-14:00&weekdays=tue", "The interval contains no time within 'hours' 13:00-14:00 or 'weekdays' tue in UTC, so there are no figures.")]
    [InlineData("from=2026-11-09T12:00&to=2026-11-10T12:00&hours=13:00-14:00&weekdays=tue", "The interval contains no time within 'hours' 13:00-14:00 on 'weekdays' tue in UTC, so there are no figures.")]
    [InlineData("from=2026-03-29&to=2026-03-30&timeZone=Europe/Berlin&hours=02:00-03:00&fill=zero", "The interval contains no time within 'hours' 02:00-03:00 in Europe/Berlin, so there are no figures.")] // clocks skip this hour
    [InlineData("from=2026-11-10&to=2026-11-11&weekdays=tue&compare=previous", "The compared interval contains no time within 'weekdays' tue in UTC, so there are no previous figures.")]
    [InlineData("from=2026-11-09&to=2026-11-11&weekdays=tue&hours=08:00-09:00")]
    public async Task An_interval_without_time_inside_the_hours_and_weekdays_has_a_warning_that_names_the_parameter(string query, params string[] expected)
    {
        await using var organization = await SimulatedService.StartAsync();

        var response = await organization.QueryAsync($"/aggregates?{query}");

        response.GetProperty("meta").GetProperty("warnings").EnumerateArray().Where(warning => warning.GetProperty("code").GetString() == "no-local-time")
            .Select(warning => warning.GetProperty("message").GetString()).ShouldBe(expected);
        (response.GetProperty("records").GetArrayLength() == 0).ShouldBe(expected is [var first] && first.Contains("no figures", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hours_that_have_not_begun_have_no_record_and_the_response_is_cached_only_briefly()
    {
        // It is Monday, 09:15 UTC.
        await using var organization = await SimulatedService.StartAsync();

        using var response = await organization.Client.GetAsync(new Uri("/aggregates?period=today&hours=10:00-12:00&fill=zero&totals=true", UriKind.Relative), TestContext.Current.CancellationToken);
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        body.GetProperty("records").GetArrayLength().ShouldBe(0);
        body.GetProperty("totals").GetProperty("offered").GetInt64().ShouldBe(0);
        organization.AggregateCalls.ShouldBe(0);
        response.Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));

        ((FakeTimeProvider)organization.Clock).Advance(TimeSpan.FromHours(2));
        var later = await organization.QueryAsync("/aggregates?period=today&hours=10:00-12:00&groupBy=none");
        Number(later, "offered").ShouldBeGreaterThan(0);
        later.GetProperty("records")[0].GetProperty("final").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("hours=8-20", "hours", "08:00-20:00")]
    [InlineData("hours=08:00-20:01", "hours", "multiple of 5 minutes")]
    [InlineData("hours=08:00-08:00", "hours", "00:00-24:00")]
    [InlineData("hours=24:00-08:00", "hours", "HH:mm-HH:mm")]
    [InlineData("weekdays=mo", "weekdays", "Did you mean 'mon'?")]
    [InlineData("weekdays=mon-wed-fri", "weekdays", "mon-fri")]
    [InlineData("weekdays=workday", "weekdays", "use one of mon, tue")]
    public async Task An_invalid_value_is_400_and_the_error_explains_what_is_accepted(string query, string parameter, string message)
    {
        using var service = new RunningService();

        var problem = await service.QueryProblemAsync(query, 400, "invalid-request");

        problem["errors"]![parameter]!.ToJsonString().ShouldContain(message.Replace("'", "\\u0027", StringComparison.Ordinal));
    }

    private static double Number(JsonElement response, string field) => response.GetProperty("records")[0].GetProperty(field).GetDouble();

    private static int TimeOf(JsonElement record) => record.GetProperty("localFrom").GetString() is var local
        ? (int.Parse(local![11..13], System.Globalization.CultureInfo.InvariantCulture) * 60) + int.Parse(local[14..16], System.Globalization.CultureInfo.InvariantCulture)
        : 0;

    private static IEnumerable<int> Inside(string hours) => Enumerable.Range(0, 24 * 60).Where(minute => hours.Split(',').Any(range =>
    {
        var (from, to) = (Minute(range.Split('-')[0]), Minute(range.Split('-')[1]));
        return from < to ? minute >= from && minute < to : minute >= from || minute < to;
    }));

    private static int Minute(string clock) => (int.Parse(clock[..2], System.Globalization.CultureInfo.InvariantCulture) * 60) + int.Parse(clock[3..], System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsTouched(int start, int minutes, string hours) => Inside(hours).Any(minute => minute >= start && minute < start + minutes);

    private static bool IsInside(int start, int minutes, string hours) => Inside(hours).Count(minute => minute >= start && minute < start + minutes) == minutes;
}
