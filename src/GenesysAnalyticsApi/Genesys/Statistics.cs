using System.Text.Json;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>The statistics we keep. The doubles come first: their number is their column in <see cref="FactColumnBuilder"/>.</summary>
internal enum Statistic
{
    Sum,
    Min,
    Max,
    Numerator,
    Denominator,
    Target,
    P95,
    P99,
    Count,
    Other,
}

internal static class Statistics
{
    /// <summary>How many of them are doubles.</summary>
    public const int Doubles = (int)Statistic.Count;

    public static Statistic Named(ref Utf8JsonReader json)
    {
        // By length first: this runs once for each number of the answer.
        var name = json.ValueSpan;
        return name.Length switch
        {
            _ when json.ValueIsEscaped => NamedWithEscapes(ref json),
            3 when name[0] == 's' && name.SequenceEqual("sum"u8) => Statistic.Sum,
            3 when name.SequenceEqual("min"u8) => Statistic.Min,
            3 when name.SequenceEqual("max"u8) => Statistic.Max,
            3 when name.SequenceEqual("p95"u8) => Statistic.P95,
            3 when name.SequenceEqual("p99"u8) => Statistic.P99,
            5 when name.SequenceEqual("count"u8) => Statistic.Count,
            6 when name.SequenceEqual("target"u8) => Statistic.Target,
            9 when name.SequenceEqual("numerator"u8) => Statistic.Numerator,
            11 when name.SequenceEqual("denominator"u8) => Statistic.Denominator,
            _ => Statistic.Other,
        };
    }

    /// <summary>Counts are whole and not negative, though some are written as 5.0.</summary>
    public static long Whole(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var whole) && whole >= 0)
        {
            return whole;
        }

        var number = Number(ref json);
        return number >= 0 && number < long.MaxValue && number == Math.Floor(number)
            ? (long)number
            : throw GenesysFailures.Unreadable("a count in it is not a count");
    }

    public static double Number(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            // Nearly all are whole milliseconds, and whole numbers are read faster.
            if (json.TryGetInt64(out var whole))
            {
                return whole;
            }

            if (json.TryGetDouble(out var number) && double.IsFinite(number))
            {
                return number;
            }
        }

        throw GenesysFailures.Unreadable("a statistic in it is not a number");
    }

    private static Statistic NamedWithEscapes(ref Utf8JsonReader json) => json.GetString() switch
    {
        "sum" => Statistic.Sum,
        "min" => Statistic.Min,
        "max" => Statistic.Max,
        "p95" => Statistic.P95,
        "p99" => Statistic.P99,
        "count" => Statistic.Count,
        "target" => Statistic.Target,
        "numerator" => Statistic.Numerator,
        "denominator" => Statistic.Denominator,
        _ => Statistic.Other,
    };
}
