using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// A bucket size of our contract. Sizes up to half a day are counted from local midnight by the wall clock, days from local
/// midnight, weeks from Monday, months from the 1st.
/// </summary>
internal sealed record Granularity
{
    private Granularity(string iso, int minutes, Grain grain, GranularityUnit unit)
    {
        Iso = iso;
        Minutes = minutes;
        Grain = grain;
        Unit = unit;
    }

    public static IReadOnlyList<Granularity> All { get; } =
    [
        new("PT5M", 5, Grain.FiveMinutes, GranularityUnit.Clock),
        new("PT10M", 10, Grain.FiveMinutes, GranularityUnit.Clock),
        new("PT15M", 15, Grain.QuarterHour, GranularityUnit.Clock),
        new("PT30M", 30, Grain.HalfHour, GranularityUnit.Clock),
        new("PT1H", 60, Grain.Hour, GranularityUnit.Clock),
        new("PT2H", 120, Grain.Hour, GranularityUnit.Clock),
        new("PT3H", 180, Grain.Hour, GranularityUnit.Clock),
        new("PT4H", 240, Grain.Hour, GranularityUnit.Clock),
        new("PT6H", 360, Grain.Hour, GranularityUnit.Clock),
        new("PT8H", 480, Grain.Hour, GranularityUnit.Clock),
        new("PT12H", 720, Grain.Hour, GranularityUnit.Clock),
        new("P1D", 1440, Grain.Day, GranularityUnit.Day),
        new("P1W", 10080, Grain.Day, GranularityUnit.Week),
        new("P1M", 43200, Grain.Day, GranularityUnit.Month),
    ];

    public string Iso { get; }

    /// <summary>Wall-clock minutes; for a month an approximation that only limits use.</summary>
    public int Minutes { get; }

    /// <summary>The size that is fetched for it.</summary>
    public Grain Grain { get; }

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

/// <summary>The sizes that are fetched from Genesys; everything else is folded from these.</summary>
internal enum Grain
{
    FiveMinutes = 5,
    QuarterHour = 15,
    HalfHour = 30,
    Hour = 60,
    Day = 1440,
}

internal static class GrainNames
{
    extension(Grain grain)
    {
        public string Iso => grain switch
        {
            Grain.FiveMinutes => "PT5M",
            Grain.QuarterHour => "PT15M",
            Grain.HalfHour => "PT30M",
            Grain.Hour => "PT1H",
            _ => "P1D",
        };

        public Duration Length => Duration.FromMinutes((int)grain);
    }
}
