using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

internal static class StatisticReader
{
    private const int LongestNumber = 64;
    private const int MostShown = 40;

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

    /// <summary>As answers and warnings name it.</summary>
    public static string Word(this Statistic statistic) => statistic == Statistic.Other ? "stats" : statistic.ToString().ToLowerInvariant();

    /// <summary>Reads a number, which may be written as text. False where it is none, or none that the statistic can have.</summary>
    public static bool TryRead(Statistic statistic, ref Utf8JsonReader json, out double number)
    {
        var isNumber = json.TokenType switch
        {
            JsonTokenType.Number => TryNumber(ref json, out number),
            JsonTokenType.String => TryText(ref json, out number),
            _ => Nothing(out number),
        };

        // Negative zero becomes zero.
        number += 0.0;
        return isNumber && IsPossible(statistic, number);
    }

    /// <summary>The value that stands where a number is due, short and on one line.</summary>
    public static string Shown(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.String => TextOf(ref json) is { } text ? $"\"{Cut(text)}\"" : "a text that is not Unicode",
        _ => Cut(TextOf(ref json) ?? ""),
    };

    // False for NaN too.
    private static bool IsPossible(Statistic statistic, double number) => number >= 0 && number <= Statistics.Largest && statistic switch
    {
        Statistic.Target => number <= 1,
        Statistic.Count or Statistic.Numerator or Statistic.Denominator => number == Math.Floor(number),
        _ => true,
    };

    private static bool TryNumber(ref Utf8JsonReader json, out double number)
    {
        // Nearly all are whole milliseconds, and whole numbers are read faster.
        if (json.TryGetInt64(out var whole))
        {
            number = whole;
            return true;
        }

        return json.TryGetDouble(out number);
    }

    private static bool TryText(ref Utf8JsonReader json, out double number)
    {
        number = 0;
        return json.ValueSpan.Length <= LongestNumber
            && double.TryParse(TextOf(ref json), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static bool Nothing(out double number)
    {
        number = 0;
        return false;
    }

    /// <summary>Null where the text is not valid: an odd statistic is not to make the answer unreadable.</summary>
    private static string? TextOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.TokenType == JsonTokenType.String ? json.GetString() : System.Text.Encoding.ASCII.GetString(json.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Cut(string text) => InputExcerpt.Of(text.Length > MostShown ? $"{text[..MostShown]}…" : text);

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
