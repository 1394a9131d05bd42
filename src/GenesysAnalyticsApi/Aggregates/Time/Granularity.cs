namespace GenesysAnalyticsApi.Aggregates.Time;

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
