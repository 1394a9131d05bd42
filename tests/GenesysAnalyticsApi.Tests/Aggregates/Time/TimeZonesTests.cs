using CsCheck;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using NodaTime;
using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Tests.Aggregates.Time;

public sealed class TimeZonesTests
{
    private static readonly Gen<int> QuarterHour = Gen.Int[-12 * 4, 14 * 4];

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("UTC", "UTC")]
    [InlineData("utc", "UTC")]
    [InlineData("Z", "UTC")]
    [InlineData("+00:00", "UTC")]
    [InlineData("-00:00", "UTC")]
    [InlineData("+05:30", "+05:30")]
    [InlineData(" 05:30", "+05:30")] // an unencoded plus sign
    [InlineData("+0530", "+05:30")]
    [InlineData("+5:30", "+05:30")]
    [InlineData("+05", "+05:00")]
    [InlineData("+5", "+05:00")]
    [InlineData("-3:30", "-03:30")]
    [InlineData("UTC+5:30", "+05:30")]
    [InlineData("UTC 05:30", "+05:30")]
    [InlineData("utc-8", "-08:00")]
    [InlineData("UTC+12", "+12:00")] // also a Windows name
    [InlineData("+14:00", "+14:00")]
    [InlineData("India Standard Time", "Asia/Kolkata")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("eastern standard time", "America/New_York")]
    [InlineData("GMT Standard Time", "Europe/London")]
    public void A_zone_has_one_name_in_whatever_notation_it_was_given(string given, string expected)
    {
        TimeZones.Find(given)!.Name.ShouldBe(expected);
        TimeZones.Find(expected).ShouldBe(TimeZones.Find(given), "the name refers to the same zone");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("+")]
    [InlineData("UTC+")]
    [InlineData("05:30")]
    [InlineData("+05:31")]
    [InlineData("+05:60")]
    [InlineData("+5.5")]
    [InlineData("+14:15")]
    [InlineData("-12:15")]
    [InlineData("+123")]
    [InlineData("+05:30:00")]
    [InlineData("+٠٥:٣٠")]
    [InlineData("GMT+1")] // the IANA zone Etc/GMT+1 has the opposite sign
    [InlineData("IST")]
    [InlineData("Indian Standard Time")]
    public void Any_other_name_is_not_a_zone(string given) => TimeZones.Find(given).ShouldBeNull();

    [Fact]
    public void Every_Windows_name_has_an_IANA_zone_with_the_same_offsets()
    {
        var names = TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping;

        names.Count.ShouldBeGreaterThan(130);
        foreach (var (name, id) in names)
        {
            var zone = TimeZones.Find(name).ShouldNotBeNull(name);
            DateTimeZoneProviders.Tzdb.Ids.ShouldContain(zone.IanaName, name);
            foreach (var month in Enumerable.Range(0, 24).Select(month => Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromDays(month * 30)))
            {
                zone.GetUtcOffset(month).ShouldBe(DateTimeZoneProviders.Tzdb[id].GetUtcOffset(month), name);
            }
        }
    }

    [Fact]
    public void Every_IANA_name_is_kept()
    {
        DateTimeZoneProviders.Tzdb.Ids.Select(id => TimeZones.Find(id)!.Name).ShouldBe(DateTimeZoneProviders.Tzdb.Ids);
        DateTimeZoneProviders.Tzdb.Ids.Select(id => TimeZones.Find(id)!.IanaName).ShouldBe(DateTimeZoneProviders.Tzdb.Ids);
    }

    [Fact]
    public void A_printed_offset_parses_to_the_same_offset() =>
        QuarterHour.Sample(quarters =>
        {
            var offset = Offset.FromSeconds(quarters * 900);
            var zone = TimeZones.Find(TimeZones.Signed.Format(offset))!;

            zone.MinOffset.ShouldBe(offset);
            zone.MaxOffset.ShouldBe(offset);
            TimeZones.Find(zone.Name).ShouldBe(zone);
        });

    [Fact]
    public void An_offset_is_sent_to_Genesys_as_a_zone_that_always_has_it() =>
        Gen.Select(QuarterHour, AggregatesClient.Moment(DateTimeZone.Utc)).Sample((quarters, moment) =>
        {
            var offset = Offset.FromSeconds(quarters * 900);

            if (DateTimeZone.ForOffset(offset).IanaName is { } name)
            {
                DateTimeZoneProviders.Tzdb.Ids.ShouldContain(name);
                DateTimeZoneProviders.Tzdb[name].GetUtcOffset(moment).ShouldBe(offset);
            }
            else
            {
                (quarters % 4).ShouldNotBe(0, "every whole hour has a zone");
            }
        });

    [Theory]
    [InlineData("+05:30", "Asia/Kolkata")]
    [InlineData("+05:45", "Asia/Kathmandu")]
    [InlineData("+01:00", "Etc/GMT-1")]
    [InlineData("-03:30", null)] // Newfoundland, but only in winter
    public void The_zone_for_Genesys_is_the_one_that_has_had_the_offset_longest(string offset, string? expected) => TimeZones.Find(offset)!.IanaName.ShouldBe(expected);
}
