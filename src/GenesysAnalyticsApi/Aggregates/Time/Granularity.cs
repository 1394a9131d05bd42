using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>
/// Computes bucket boundaries. When clocks go forward, a skipped wall-clock time starts a bucket only if it is midnight or the time of the change itself. When
/// clocks go back, both occurrences of a time start a bucket, unless buckets are longer than the repeated period. In that case, only the first occurrence
/// starts a bucket, and the bucket that contains the change is longer.
/// </summary>
internal static class BucketBoundaries
{
    /// <summary>Returns the boundary at or before <paramref name="instant"/>.</summary>
    public static Instant AtOrBefore(Instant instant, Granularity granularity, DateTimeZone zone)
    {
        var start = UnitStart(instant.InZone(zone).Date, granularity.Unit);
        if (granularity.Unit != GranularityUnit.Clock)
        {
            return StartOf(start, zone);
        }

        return OfDay(start, granularity, zone).Last(boundary => boundary <= instant);
    }

    /// <summary>Returns the first boundary after <paramref name="instant"/>.</summary>
    public static Instant After(Instant instant, Granularity granularity, DateTimeZone zone)
    {
        var start = UnitStart(instant.InZone(zone).Date, granularity.Unit);
        var next = StartOf(NextUnit(start, granularity.Unit), zone);
        if (granularity.Unit != GranularityUnit.Clock)
        {
            return next;
        }

        return OfDay(start, granularity, zone).Append(next).First(boundary => boundary > instant);
    }

    /// <summary>Returns the edges of all buckets that overlap [from, to): the first is at or before from, the last at or after to.</summary>
    public static List<Instant> Edges(Instant from, Instant to, Granularity granularity, DateTimeZone zone)
    {
        var edges = new List<Instant>();
        var date = UnitStart(from.InZone(zone).Date, granularity.Unit);
        do
        {
            edges.AddRange(granularity.Unit == GranularityUnit.Clock ? OfDay(date, granularity, zone) : [StartOf(date, zone)]);
            date = NextUnit(date, granularity.Unit);
        }
        while (StartOf(date, zone) < to);

        edges.Add(StartOf(date, zone));
        edges = [.. edges.Distinct()];
        var first = edges.FindLastIndex(edge => edge <= from);
        var last = edges.FindIndex(edge => edge >= to);
        return edges.GetRange(first, last - first + 1);
    }

    /// <summary>Returns the first instant of a local date: midnight, or the clock change that skips midnight.</summary>
    public static Instant StartOf(LocalDate date, DateTimeZone zone) => FirstOf(zone.MapLocal(date.AtMidnight()));

    private static List<Instant> OfDay(LocalDate date, Granularity granularity, DateTimeZone zone)
    {
        var (start, end) = (StartOf(date, zone), StartOf(date.PlusDays(1), zone));
        var edges = new SortedSet<Instant>();
        for (var minutes = 0; minutes < 24 * 60; minutes += granularity.Minutes)
        {
            var mapped = zone.MapLocal(date.AtMidnight().PlusMinutes(minutes));
            if (mapped.Count > 0 || minutes == 0 || mapped.EarlyInterval.IsoLocalEnd == mapped.LocalDateTime)
            {
                edges.Add(FirstOf(mapped));
            }

            if (mapped.Count == 2 && Repeated(mapped) >= Duration.FromMinutes(granularity.Minutes))
            {
                edges.Add(mapped.Last().ToInstant());
            }
        }

        // A date that the time zone skips has no edges.
        return [.. edges.Where(edge => edge >= start && edge < end)];
    }

    private static Instant FirstOf(ZoneLocalMapping mapped) =>
        mapped.Count == 0 ? mapped.LateInterval.Start : mapped.First().ToInstant();

    private static Duration Repeated(ZoneLocalMapping mapped) =>
        Duration.FromSeconds(mapped.EarlyInterval.WallOffset.Seconds - mapped.LateInterval.WallOffset.Seconds);

    private static LocalDate UnitStart(LocalDate date, GranularityUnit unit) => unit switch
    {
        GranularityUnit.Week => date.DayOfWeek == IsoDayOfWeek.Monday ? date : date.Previous(IsoDayOfWeek.Monday),
        GranularityUnit.Month => new LocalDate(date.Year, date.Month, 1),
        _ => date,
    };

    private static LocalDate NextUnit(LocalDate start, GranularityUnit unit) => unit switch
    {
        GranularityUnit.Week => start.PlusWeeks(1),
        GranularityUnit.Month => start.PlusMonths(1),
        _ => start.PlusDays(1),
    };
}

/// <summary>
/// A supported bucket size. Buckets of up to half a day start at multiples of their size in wall-clock time after local midnight, days at local
/// midnight, weeks on Monday, and months on the 1st.
/// </summary>
internal sealed record Granularity
{
    private Granularity(string iso, int minutes, FetchGranularity grain, GranularityUnit unit)
    {
        Iso = iso;
        Minutes = minutes;
        Grain = grain;
        Unit = unit;
    }

    public static IReadOnlyList<Granularity> All { get; } =
    [
        new("PT5M", 5, FetchGranularity.FiveMinutes, GranularityUnit.Clock),
        new("PT10M", 10, FetchGranularity.FiveMinutes, GranularityUnit.Clock),
        new("PT15M", 15, FetchGranularity.QuarterHour, GranularityUnit.Clock),
        new("PT30M", 30, FetchGranularity.HalfHour, GranularityUnit.Clock),
        new("PT1H", 60, FetchGranularity.Hour, GranularityUnit.Clock),
        new("PT2H", 120, FetchGranularity.Hour, GranularityUnit.Clock),
        new("PT3H", 180, FetchGranularity.Hour, GranularityUnit.Clock),
        new("PT4H", 240, FetchGranularity.Hour, GranularityUnit.Clock),
        new("PT6H", 360, FetchGranularity.Hour, GranularityUnit.Clock),
        new("PT8H", 480, FetchGranularity.Hour, GranularityUnit.Clock),
        new("PT12H", 720, FetchGranularity.Hour, GranularityUnit.Clock),
        new("P1D", 1440, FetchGranularity.Day, GranularityUnit.Day),
        new("P1W", 10080, FetchGranularity.Day, GranularityUnit.Week),
        new("P1M", 43200, FetchGranularity.Day, GranularityUnit.Month),
    ];

    public string Iso { get; }

    /// <summary>Wall-clock minutes. The value for a month is approximate; only limits and estimates use it.</summary>
    public int Minutes { get; }

    /// <summary>The coarsest granularity that the service fetches from Genesys for buckets of this size.</summary>
    public FetchGranularity Grain { get; }

    public GranularityUnit Unit { get; }

    public static Granularity? Find(string text) => All.FirstOrDefault(known => known.Iso == text);

    public override string ToString() => Iso;
}

internal enum GranularityUnit
{
    Clock,
    Day,
    Week,
    Month,
}

/// <summary>The granularities that the service fetches from Genesys. Buckets of other sizes are folded from these granularities.</summary>
internal enum FetchGranularity
{
    FiveMinutes = 5,
    QuarterHour = 15,
    HalfHour = 30,
    Hour = 60,
    Day = 1440,
}

internal static class FetchGranularities
{
    extension(FetchGranularity grain)
    {
        public string Iso => grain switch
        {
            FetchGranularity.FiveMinutes => "PT5M",
            FetchGranularity.QuarterHour => "PT15M",
            FetchGranularity.HalfHour => "PT30M",
            FetchGranularity.Hour => "PT1H",
            _ => "P1D",
        };

        public Duration Length => Duration.FromMinutes((int)grain);
    }
}
