using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Tests.Aggregates.Request;

public sealed class QueryIntervalTests
{
    [Theory]
    [InlineData("2026-11-23T09:15:20Z", "UTC", "today", "2026-11-23T00:00:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T09:15:20Z", "UTC", "yesterday", "2026-11-22T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("2026-11-23T09:15:20Z", "UTC", "this-week", "2026-11-23T00:00:00Z/2026-11-23T09:15:00Z now")] // a Monday
    [InlineData("2026-11-22T23:59:59Z", "UTC", "this-week", "2026-11-16T00:00:00Z/2026-11-22T23:59:00Z now")] // a Sunday
    [InlineData("2026-11-22T23:59:59Z", "Europe/Berlin", "this-week", "2026-11-22T23:00:00Z/2026-11-22T23:59:00Z now")] // already Monday in Berlin
    [InlineData("2026-11-23T09:15:20Z", "UTC", "last-week", "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("2026-11-23T09:15:20Z", "America/New_York", "this-month", "2026-11-01T04:00:00Z/2026-11-23T09:15:00Z now")] // the 1st is still daylight saving time
    [InlineData("2026-03-31T22:30:00Z", "Europe/Berlin", "this-month", "2026-03-31T22:00:00Z/2026-03-31T22:30:00Z now")] // already April in Berlin
    [InlineData("2026-03-31T22:30:00Z", "Europe/Berlin", "last-month", "2026-02-28T23:00:00Z/2026-03-31T22:00:00Z")] // a month with a clock change
    [InlineData("2024-03-01T00:00:30Z", "UTC", "last-month", "2024-02-01T00:00:00Z/2024-03-01T00:00:00Z")] // 29 days
    [InlineData("2026-01-01T00:00:30Z", "UTC", "last-month", "2025-12-01T00:00:00Z/2026-01-01T00:00:00Z")]
    [InlineData("2026-03-29T20:00:00Z", "Europe/Berlin", "today", "2026-03-28T23:00:00Z/2026-03-29T20:00:00Z now")]
    [InlineData("2026-03-30T06:00:00Z", "Europe/Berlin", "yesterday", "2026-03-28T23:00:00Z/2026-03-29T22:00:00Z")] // 23 hours
    [InlineData("2026-10-26T06:00:00Z", "Europe/Berlin", "yesterday", "2026-10-24T22:00:00Z/2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("2026-04-24T12:00:00Z", "Africa/Cairo", "today", "2026-04-23T22:00:00Z/2026-04-24T12:00:00Z now")] // midnight is skipped
    [InlineData("2026-11-23T09:15:20Z", "UTC", "last-7-days", "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("2026-11-23T09:15:20Z", "Europe/Berlin", "last-28-days", "2026-10-25T23:00:00Z/2026-11-22T23:00:00Z")]
    [InlineData("2026-11-23T09:15:20Z", "UTC", "Last-30-Days", "2026-10-24T00:00:00Z/2026-11-23T00:00:00Z")] // in any letter case
    [InlineData("2026-11-23T09:15:20Z", "UTC", "LAST-90-DAYS", "2026-08-25T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("2026-11-23T09:15:20Z", "Europe/Berlin", "this-quarter", "2026-09-30T22:00:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T09:15:20Z", "UTC", "last-quarter", "2026-07-01T00:00:00Z/2026-10-01T00:00:00Z")]
    [InlineData("2026-02-01T09:15:20Z", "UTC", "last-quarter", "2025-10-01T00:00:00Z/2026-01-01T00:00:00Z")]
    [InlineData("2026-11-23T09:15:20Z", "+05:30", "this-year", "2025-12-31T18:30:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-12-31T23:30:00Z", "Europe/Berlin", "last-year", "2025-12-31T23:00:00Z/2026-12-31T23:00:00Z")] // already 2027 in Berlin
    // In the first minute of a day, a period that ended at midnight does not extend into that minute, and one that started at midnight is not empty.
    [InlineData("2026-11-23T00:00:20Z", "UTC", "yesterday", "2026-11-22T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("2026-11-23T00:00:20Z", "UTC", "last-week", "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z")]
    [InlineData("2026-11-22T23:00:20Z", "Europe/Berlin", "last-28-days", "2026-10-25T23:00:00Z/2026-11-22T23:00:00Z")]
    [InlineData("2026-11-23T00:00:20Z", "UTC", "today", "2026-11-23T00:00:00Z/2026-11-23T00:01:00Z now")]
    public void A_period_follows_the_calendar_of_the_zone(string now, string zone, string period, string expected)
    {
        Show(new() { Period = period, TimeZone = zone }, now).ShouldBe(expected);
        Show(new() { Period = period, TimeZone = zone, Granularity = "PT1H" }, now).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, null, "2026-11-22T09:15:00Z/2026-11-23T09:17:00Z now")] // one day by default
    [InlineData("PT1H", null, "2026-11-23T08:15:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("PT1H", "PT30M", "2026-11-23T08:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("PT10S", null, "2026-11-23T09:15:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("P7D", "P1D", "2026-11-15T23:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("P7D", "P1W", "2026-11-15T23:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("P1M", "P1M", "2026-09-30T22:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("P1M", null, "2026-10-23T08:15:00Z/2026-11-23T09:17:00Z now")] // the same local time, one hour earlier in UTC
    [InlineData("P1DT2H", null, "2026-11-22T07:15:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("P1W", null, "2026-11-16T09:15:00Z/2026-11-23T09:17:00Z now")]
    public void A_last_period_ends_now_and_its_start_is_rounded_down(string? last, string? granularity, string expected) =>
        Show(new() { Last = last, Granularity = granularity, TimeZone = "Europe/Berlin" }, "2026-11-23T09:17:20Z").ShouldBe(expected);

    [Theory]
    [InlineData("2026-11-23T08:00Z", null, "2026-11-23T08:00:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T08:00Z", "2026-11-23T09:00Z", "2026-11-23T08:00:00Z/2026-11-23T09:00:00Z")]
    [InlineData("2026-11-23T08:00Z", "2026-11-23T09:14:59Z", "2026-11-23T08:00:00Z/2026-11-23T09:14:59Z")]
    [InlineData("2026-11-23T08:00Z", "2026-11-23T09:15Z", "2026-11-23T08:00:00Z/2026-11-23T09:15:00Z")]
    [InlineData("2026-11-23T08:00Z", "2026-11-23T09:15:01Z", "2026-11-23T08:00:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T08:00Z", "2027-01-01", "2026-11-23T08:00:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T08:00Z", "9998-12-31", "2026-11-23T08:00:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T09:15Z", null, "2026-11-23T09:15:00Z/2026-11-23T09:16:00Z now")] // started in this minute
    [InlineData("2026-11-23T09:15:19Z", null, "2026-11-23T09:15:19Z/2026-11-23T09:16:00Z now")]
    [InlineData("2024-02-29", "2024-03-01", "2024-02-29T00:00:00Z/2024-03-01T00:00:00Z")]
    [InlineData("2026-11-23T08:00+01:00", "2026-11-23T08:30 01:00", "2026-11-23T07:00:00Z/2026-11-23T07:30:00Z")] // an unescaped plus sign
    [InlineData("2026-11-23T08:00+0130", "2026-11-23T08:30-05", "2026-11-23T06:30:00Z/2026-11-23T09:15:00Z now")]
    [InlineData("2026-11-23T08:00:00.1239Z", "2026-11-23T08:00:00.5Z", "2026-11-23T08:00:00.123Z/2026-11-23T08:00:00.5Z")] // Genesys uses milliseconds
    public void An_interval_is_cut_off_at_now(string from, string? to, string expected)
    {
        Show(new() { From = from, To = to }, "2026-11-23T09:15:20Z").ShouldBe(expected);
        if (to is not null)
        {
            Show(new() { Interval = $"{from}/{to}" }, "2026-11-23T09:15:20Z").ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("1795420800000", "1795424400", null, "2026-11-23T08:00:00Z/2026-11-23T09:00:00Z")] // milliseconds and seconds since the epoch
    [InlineData("1795420800123", null, null, "2026-11-23T08:00:00.123Z/2026-11-23T09:17:00Z now")]
    [InlineData("now-24h", "now", null, "2026-11-22T09:15:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("now-24h", "now", "PT1H", "2026-11-22T09:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("now-2h", "now-1h", null, "2026-11-23T07:15:00Z/2026-11-23T08:20:00Z")] // rounded outward
    [InlineData("now-2h", "now-1h", "PT1H", "2026-11-23T07:00:00Z/2026-11-23T09:00:00Z")]
    [InlineData("now/d", "now/d", "P1D", "2026-11-22T23:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("now-1d/d", "now-1d/d", "PT1H", "2026-11-21T23:00:00Z/2026-11-22T23:00:00Z")]
    [InlineData("now-7d/d", "now/d", "P1W", "2026-11-15T23:00:00Z/2026-11-23T09:17:00Z now")]
    [InlineData("now-1M/M", "now-1M/M", "P1M", "2026-09-30T22:00:00Z/2026-10-31T23:00:00Z")]
    [InlineData("2026-11-23", "now 1h", null, "2026-11-22T23:00:00Z/2026-11-23T09:17:00Z now")]
    public void Epochs_and_relative_times_are_accepted(string from, string? to, string? granularity, string expected)
    {
        var parameters = new AggregatesParameters { Granularity = granularity, TimeZone = "Europe/Berlin" };

        Show(parameters with { From = from, To = to }, "2026-11-23T09:17:20Z").ShouldBe(expected);
        if (to is not null)
        {
            Show(parameters with { Interval = $"{from}/{to}" }, "2026-11-23T09:17:20Z").ShouldBe(expected);
        }
    }

    [Fact]
    public void A_query_for_the_resolved_interval_has_the_same_interval() =>
        Gen.Select(AggregatesClient.Zone, AggregatesClient.Zone.SelectMany(AggregatesClient.Moment), RelativeTexts, RelativeTexts, GenChoice.OneOf<Granularity?>([null, .. Granularity.All])).Sample(
            (zone, now, from, to, granularity) =>
            {
                var parameters = new AggregatesParameters { From = from, To = to, TimeZone = zone.Name, Granularity = granularity?.Iso };
                if (AggregatesClient.Validator.ErrorsOf(parameters, now, ResponseFormat.Json).Count > 0)
                {
                    return;
                }

                var interval = AggregatesQuery.From(parameters, now, ResponseFormat.Json).Interval;
                var echo = AggregatesClient.Query(
                    new() { Interval = $"{InstantFormat.Print(interval.From)}/{InstantFormat.Print(interval.To)}", TimeZone = zone.Name, Granularity = granularity?.Iso }, now).Interval;

                (echo.From, echo.To).ShouldBe((interval.From, interval.To));
            },
            iter: 10_000);

    [Fact]
    public void An_end_in_the_current_minute_closes_the_bucket_that_ends_there()
    {
        var closed = AggregatesClient.Query(new() { From = "2026-11-23T09:00Z", To = "2026-11-23T09:15Z", Granularity = "PT15M" }, AggregatesClient.Now);
        var open = AggregatesClient.Query(new() { From = "2026-11-23T09:00Z", To = "2026-11-23T09:15Z", Granularity = "PT1H" }, AggregatesClient.Now);

        SlicePlanner.Plan(closed, AggregatesClient.Settle).Edges.Select(InstantFormat.Print).ShouldBe(["2026-11-23T09:00:00Z", "2026-11-23T09:15:00Z"]);
        SlicePlanner.Plan(open, AggregatesClient.Settle).Edges.Select(InstantFormat.Print).ShouldBe(["2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"]);
    }

    [Theory]
    [InlineData("2026-11-20T08:10Z", "2026-11-20T09:00Z", "PT30M", "UTC", "from: '2026-11-20T08:10Z' starts at 2026-11-20T08:10:00Z, which is not on a boundary of 'granularity' PT30M in UTC: the nearest are 2026-11-20T08:00:00Z and 2026-11-20T08:30:00Z.")]
    [InlineData("2026-11-20T08:00Z", "2026-11-20T09:10Z", "PT30M", "UTC", "to: '2026-11-20T09:10Z' ends at 2026-11-20T09:10:00Z, which is not on a boundary of 'granularity' PT30M in UTC: the nearest are 2026-11-20T09:00:00Z and 2026-11-20T09:30:00Z.")]
    [InlineData("2026-11-20", "2026-11-21", "P1D", "Europe/Berlin", null)]
    [InlineData("2026-11-20T00:00Z", "2026-11-22T23:00Z", "P1D", "Europe/Berlin", "from: '2026-11-20T00:00Z' starts at 2026-11-20T00:00:00Z, which is not on a boundary of 'granularity' P1D in Europe/Berlin: the nearest are 2026-11-19T23:00:00Z and 2026-11-20T23:00:00Z.")]
    [InlineData("2026-11-03", "2026-11-09", "P1W", "UTC", "from: '2026-11-03' starts at 2026-11-03T00:00:00Z, which is not on a boundary of 'granularity' P1W in UTC: the nearest are 2026-11-02T00:00:00Z and 2026-11-09T00:00:00Z.")]
    [InlineData("2026-10-01", "2026-11-02", "P1M", "UTC", "to: '2026-11-02' ends at 2026-11-02T00:00:00Z, which is not on a boundary of 'granularity' P1M in UTC: the nearest are 2026-11-01T00:00:00Z and 2026-12-01T00:00:00Z.")]
    [InlineData("2026-10-24T23:00Z", "2026-10-25T02:00Z", "PT2H", "Europe/Berlin", "from: '2026-10-24T23:00Z' starts at 2026-10-24T23:00:00Z, which is not on a boundary of 'granularity' PT2H in Europe/Berlin: the nearest are 2026-10-24T22:00:00Z and 2026-10-25T00:00:00Z.", "to: '2026-10-25T02:00Z' ends at 2026-10-25T02:00:00Z, which is not on a boundary of 'granularity' PT2H in Europe/Berlin: the nearest are 2026-10-25T00:00:00Z and 2026-10-25T03:00:00Z.")]
    public void A_boundary_error_names_the_nearest_boundaries(string from, string to, string granularity, string zone, params string?[]? expected) =>
        Errors(new() { From = from, To = to, Granularity = granularity, TimeZone = zone }).ShouldBe((expected ?? []).OfType<string>());

    [Theory]
    [InlineData("2026-10-25T02:30", "Europe/Berlin", "from: '2026-10-25T02:30:00' occurs twice in Europe/Berlin because of a clock change: write 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z.")]
    [InlineData("2026-03-29T02:30", "Europe/Berlin", "from: '2026-03-29T02:30:00' does not exist in Europe/Berlin because of a clock change: write 2026-03-29T00:30:00Z or 2026-03-29T01:30:00Z.")]
    [InlineData("2026-04-05T01:45", "Australia/Lord_Howe", "from: '2026-04-05T01:45:00' occurs twice in Australia/Lord_Howe because of a clock change: write 2026-04-04T14:45:00Z or 2026-04-04T15:15:00Z.")]
    [InlineData("2026-04-24T00:00", "Africa/Cairo", "from: '2026-04-24T00:00:00' does not exist in Africa/Cairo because of a clock change: write 2026-04-23T21:00:00Z or 2026-04-23T22:00:00Z.")]
    [InlineData("2026-04-24", "Africa/Cairo", null)] // a date starts at its first instant
    public void An_ambiguous_or_skipped_local_time_is_reported_with_both_instants(string from, string zone, string? expected) =>
        Errors(new() { From = from, TimeZone = zone }).ShouldBe(expected is null ? [] : [expected]);

    [Fact]
    public void A_formatted_instant_parses_to_the_same_instant() =>
        Gen.Select(AggregatesClient.Zone, Gen.Long[-62_135_596_800_000, 253_300_000_000_000]).Sample(
            (zone, milliseconds) =>
            {
                var instant = Instant.FromUnixTimeMilliseconds(milliseconds);
                InstantFormat.Parse(InstantFormat.Print(instant), zone, NoError).ShouldBe(instant);
                if (milliseconds >= 1_000_000_000_000 && milliseconds < 10_000_000_000_000)
                {
                    InstantFormat.Parse($"{milliseconds}", zone, NoError).ShouldBe(instant);
                    InstantFormat.Parse($"{milliseconds / 1000}", zone, NoError).ShouldBe(Instant.FromUnixTimeSeconds(milliseconds / 1000));
                }

                // The same applies to a time with an offset and, if it is unambiguous, to a local time.
                var local = instant.InZone(zone);
                InstantFormat.Parse(OffsetDateTimePattern.ExtendedIso.Format(local.ToOffsetDateTime()), DateTimeZone.Utc, NoError).ShouldBe(instant);
                if (zone.MapLocal(local.LocalDateTime).Count == 1)
                {
                    InstantFormat.Parse(InstantFormat.PrintLocal(local.LocalDateTime), zone, NoError).ShouldBe(instant);
                }
            },
            iter: 20_000);

    [Fact]
    public void An_accepted_interval_is_nonempty_aligned_and_not_beyond_now() =>
        Queries.Sample(
            sample =>
            {
                var (parameters, zone, now) = sample;
                var granularity = parameters.Granularity is null ? null : Granularity.Find(parameters.Granularity);
                var errors = new List<string>();
                if (QueryInterval.Resolve(parameters, zone, granularity, now, (name, message) => errors.Add(name + message)) is not var (from, to, endsNow))
                {
                    errors.ShouldNotBeEmpty();
                    return;
                }

                errors.ShouldBeEmpty();
                from.ShouldBeLessThan(to);
                from.ShouldBeLessThan(now);
                to.ShouldBeLessThanOrEqualTo(now + Duration.FromMinutes(1));
                endsNow.ShouldBe(endsNow && to > now - Duration.FromMinutes(1));
                if (granularity is not null)
                {
                    BucketBoundaries.AtOrBefore(from, granularity, zone).ShouldBe(from);
                    (endsNow || BucketBoundaries.AtOrBefore(to, granularity, zone) == to).ShouldBeTrue();
                }

                // The plan of a closed interval does not extend beyond its end.
                var plan = SlicePlanner.Plan(new AggregatesQuery { Interval = new(from, to, endsNow), Now = now, Zone = zone, Granularity = granularity }, AggregatesClient.Settle);
                plan.Edges[0].ShouldBe(from);
                (endsNow ? plan.Edges[^1] >= to : plan.Edges[^1] == to).ShouldBeTrue();
            },
            iter: 10_000);

    private static readonly Gen<string> RelativeTexts = Gen.Select(Gen.Int[0, 40], GenChoice.OneOf([.. "mhdwM"]), GenChoice.OneOf("", "", "/h", "/d", "/w", "/M", "/Q", "/y"))
        .Select((number, unit, rounded) => $"now-{number}{unit}{rounded}");

    private static readonly Gen<(AggregatesParameters, DateTimeZone, Instant)> Queries =
        from zone in AggregatesClient.Zone
        from minute in AggregatesClient.Moment(zone)
        from seconds in GenChoice.OneOf(0, 1, 20, 59)
        from granularity in GenChoice.OneOf<Granularity?>([null, .. Granularity.All])
        from way in Gen.Int[0, 3]
        from back in Gen.Frequency((1, Gen.Int[0, 3]), (2, Gen.Int[0, 60 * 24 * 9]))
        from length in Gen.Frequency((1, Gen.Int[0, 3]), (2, Gen.Int[0, 60 * 24 * 9]))
        from period in GenChoice.OneOf([.. NamedPeriods.Names])
        select (ParametersOf(way, minute + Duration.FromSeconds(seconds), zone, granularity, back, length, period), zone, minute + Duration.FromSeconds(seconds));

    private static AggregatesParameters ParametersOf(int way, Instant now, DateTimeZone zone, Granularity? granularity, int back, int length, string period)
    {
        var from = now - Duration.FromMinutes(back);
        from = granularity is null || length % 5 == 0 ? from : BucketBoundaries.AtOrBefore(from, granularity, zone);
        var to = granularity is null || length % 7 == 0 ? from + Duration.FromMinutes(length) : BucketBoundaries.After(from + Duration.FromMinutes(length), granularity, zone);
        var parameters = new AggregatesParameters { Granularity = granularity?.Iso };
        return way switch
        {
            0 => parameters with { Period = period },
            1 => parameters with { Last = $"PT{back}M" },
            2 => parameters with { From = InstantFormat.Print(from) },
            _ => parameters with { From = InstantFormat.Print(from), To = InstantFormat.Print(to) },
        };
    }

    [Fact]
    public void Epochs_are_rounded_outward_to_the_granularity_and_exact_without_one()
    {
        Show(new() { From = "1793520123456", To = "1793523999", Granularity = "PT1H" }, "2026-11-23T09:15:00Z").ShouldBe("2026-11-01T08:00:00Z/2026-11-01T10:00:00Z");
        Show(new() { From = "1793520120000", To = "1793523960" }, "2026-11-23T09:15:00Z").ShouldBe("2026-11-01T08:02:00Z/2026-11-01T09:06:00Z");
    }

    private static string Show(AggregatesParameters parameters, string now)
    {
        var (from, to, endsNow) = AggregatesClient.Query(parameters, InstantPattern.ExtendedIso.Parse(now).Value).Interval;
        return $"{InstantFormat.Print(from)}/{InstantFormat.Print(to)}{(endsNow ? " now" : "")}";
    }

    private static IEnumerable<string> Errors(AggregatesParameters parameters) =>
        AggregatesClient.Validator.ErrorsOf(parameters, AggregatesClient.Now, ResponseFormat.Json).SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"));

    private static void NoError(string message) => throw new InvalidOperationException(message);
}
