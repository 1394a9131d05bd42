using System.Globalization;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

internal static class StatisticReader
{
    private const int MaxNumberLength = 64;
    private const int MaxShownLength = 40;

    public static Statistic Parse(ref Utf8JsonReader json) => Parse(json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan);

    // The length is compared first, because this method runs once for each number of the reply.
    private static Statistic Parse(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name[0] == 's' && name.SequenceEqual("sum"u8) => Statistic.Sum,
        3 when name.SequenceEqual("min"u8) => Statistic.Min,
        3 when name.SequenceEqual("max"u8) => Statistic.Max,
        3 when name.SequenceEqual("p95"u8) => Statistic.P95,
        3 when name.SequenceEqual("p99"u8) => Statistic.P99,
        5 when name.SequenceEqual("count"u8) => Statistic.Count,
        6 when name.SequenceEqual("target"u8) => Statistic.Target,
        9 when name.SequenceEqual("numerator"u8) => Statistic.Numerator,
        11 when name.SequenceEqual("denominator"u8) => Statistic.Denominator,
        _ => Statistic.All,
    };

    /// <summary>The name of the statistic in responses and warnings.</summary>
    public static string Word(this Statistic statistic) => statistic == Statistic.All ? "stats" : statistic.ToString().ToLowerInvariant();

    /// <summary>Reads a number or a numeric string. Returns false if the value is neither, or is out of range for the statistic.</summary>
    public static bool TryRead(Statistic statistic, ref Utf8JsonReader json, out double number)
    {
        number = 0;
        var isNumber = json.TokenType switch
        {
            JsonTokenType.Number => TryNumber(ref json, out number),
            JsonTokenType.String => TryText(ref json, out number),
            _ => false,
        };

        // Turns negative zero into zero.
        number += 0.0;
        return isNumber && IsPossible(statistic, number);
    }

    /// <summary>A short description of an invalid value, on one line.</summary>
    public static string Shown(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.String => TextOf(ref json) is { } text ? $"\"{Cut(text)}\"" : "a string that is not valid Unicode",
        _ => Cut(TextOf(ref json) ?? ""),
    };

    // Also false for NaN.
    private static bool IsPossible(Statistic statistic, double number) => number >= 0 && number <= Statistics.Largest && statistic switch
    {
        Statistic.Target => number <= 1,
        Statistic.Count or Statistic.Numerator or Statistic.Denominator => number == Math.Floor(number),
        _ => true,
    };

    private static bool TryNumber(ref Utf8JsonReader json, out double number)
    {
        // Nearly all values are whole milliseconds, and integers parse faster.
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
        return json.ValueSpan.Length <= MaxNumberLength
            && double.TryParse(TextOf(ref json), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Returns null instead of throwing if the text is invalid, because an invalid statistic must not make the reply unreadable.</summary>
    private static string? TextOf(ref Utf8JsonReader json)
    {
        try
        {
            return CellSplits.TextOf(ref json);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Cut(string text) => InputExcerpt.Of(text.Length > MaxShownLength ? $"{text[..MaxShownLength]}…" : text);
}
