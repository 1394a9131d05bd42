using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>Builds queries from parameters, and random queries in zones with every kind of clock change.</summary>
internal static class AggregatesClient
{
    /// <summary>A Monday morning, 20 s after 09:15.</summary>
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15) + Duration.FromSeconds(20);

    public static readonly Duration Settle = Duration.FromHours(72);

    /// <summary>
    /// Offsets of whole, half and quarter hours; clock changes at midnight, at 02:45, and of half an hour; and two fixed offsets, one that a zone has
    /// all year and one that no zone has all year.
    /// </summary>
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu",
        "Australia/Lord_Howe", "Australia/Adelaide", "America/Havana", "Africa/Cairo", "Pacific/Apia", "Pacific/Chatham", "America/Sao_Paulo",
        "UTC+05:30", "UTC-03:30",
    ];

    public static readonly Gen<DateTimeZone> Zone = GenChoice.OneOf(Zones).Select(name => DateTimeZoneProviders.Tzdb[name]);

    /// <summary>
    /// Any minute from June 2012 to the end of 2026, often close to a clock change. A query that starts up to some months earlier is still not before
    /// <c>QueryInterval.Earliest</c>.
    /// </summary>
    public static Gen<Instant> Moment(DateTimeZone zone) => Gen.Frequency(
        (1, Gen.Long[Instant.FromUtc(2012, 6, 1, 0, 0).ToUnixTimeSeconds() / 60, Instant.FromUtc(2027, 1, 1, 0, 0).ToUnixTimeSeconds() / 60]
            .Select(minute => Instant.FromUnixTimeSeconds(minute * 60))),
        (1, Gen.Select(Gen.Int[0, 400], Gen.Int[-3000, 3000]).Select((month, minutes) =>
        {
            var part = zone.GetZoneInterval(Instant.FromUtc(2012, 6, 1, 0, 0) + Duration.FromDays(month * 14));
            return (part.HasEnd ? part.End : Instant.FromUtc(2024, 2, 29, 0, 0)) + Duration.FromMinutes(minutes);
        })));

    /// <summary>Shared, because construction compiles the rules.</summary>
    public static AggregatesParametersValidator Validator { get; } = new(RecordSort.Fields);

    public static AggregatesQuery Query(AggregatesParameters parameters, Instant now)
    {
        Validator.ErrorsOf(parameters, now, ResponseFormat.Json).ShouldBeEmpty();
        return AggregatesQuery.From(parameters, now, ResponseFormat.Json);
    }

    /// <summary>A random valid query: an aligned interval of up to 70 days that may extend to now.</summary>
    public static readonly Gen<AggregatesQuery> AnyQuery =
        from zone in Zone
        from now in Moment(zone)
        from granularity in GenChoice.OneOf<Granularity?>([null, .. Granularity.All])
        from back in Gen.Frequency((3, Gen.Int[1, 60 * 50]), (1, Gen.Int[1, 60 * 24 * 70]))
        from length in Gen.Frequency((3, Gen.Int[1, 60 * 50]), (1, Gen.Int[1, 60 * 24 * 70]))
        from off in GenChoice.OneOf(0, 7, 30)
        select CreateQuery(zone, now + Duration.FromSeconds(off), granularity, back, length);

    private static AggregatesQuery CreateQuery(DateTimeZone zone, Instant now, Granularity? granularity, int back, int length)
    {
        var from = now - Duration.FromMinutes(back);
        var to = from + Duration.FromMinutes(length);
        if (granularity is null)
        {
            // A third of the queries without granularity start at a multiple of five minutes, like those of a dashboard.
            from = back % 3 == 0 ? Instant.FromUnixTimeSeconds(from.ToUnixTimeSeconds() / 300 * 300) : from;
        }
        else
        {
            from = BucketBoundaries.AtOrBefore(from, granularity, zone);
            to = BucketBoundaries.After(to, granularity, zone);
        }

        var errors = new List<string>();
        var parameters = new AggregatesParameters
        {
            From = InstantFormat.Print(from),
            To = InstantFormat.Print(to),
            TimeZone = zone.Id,
            Granularity = granularity?.Iso,
        };
        var interval = QueryInterval.Resolve(parameters, zone, granularity, now, (name, message) => errors.Add($"{name}: {message}"));
        errors.ShouldBeEmpty();
        return new AggregatesQuery { Interval = interval!.Value, Now = now, Zone = zone, Granularity = granularity };
    }
}
