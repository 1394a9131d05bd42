using System.Globalization;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>A number of an export. A duration is in milliseconds, and a ratio is from 0 to 1.</summary>
/// <param name="Step">
/// The unit of the last digit that the export shows. A figure that differs from the number by less than one step agrees with the number, so it does not matter
/// whether Genesys rounded or truncated the number.
/// </param>
internal readonly record struct ExportedNumber(double Value, double Step)
{
    /// <summary>The part of a step that is ignored, because floating-point numbers represent decimal fractions inexactly.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>The maximum step of a ratio. Without this limit, a 0 or 1 without decimals would agree with nearly every ratio.</summary>
    private const double MaxRatioStep = 0.01;

    /// <summary>The distance between neighboring floating-point numbers, relative to their value.</summary>
    private const double Precision = 2.3e-16;

    public bool Agrees(double figure) => Math.Abs(figure - Value) < Step - (Step * Tolerance) || Math.Abs(figure - Value) <= Math.Abs(Value) * Precision;

    /// <summary>Whether the field is empty or a placeholder for no value. Exports show a figure without events in this way.</summary>
    public static bool IsNone(string field) => field.Length == 0 || field is "-" or "–" or "—" || field.Equals("N/A", StringComparison.OrdinalIgnoreCase);

    /// <param name="isPercentage">True if the numbers of the column are percentages, even without a percent sign.</param>
    /// <param name="decimalComma">See <see cref="Plain"/>.</param>
    /// <returns>
    /// Null if the field is not a number of the column's kind. <paramref name="error"/> has then been called with a message that says what is accepted.
    /// </returns>
    public static ExportedNumber? Parse(string field, ExportColumn column, bool isPercentage, bool decimalComma, Action<string> error)
    {
        var found = column.Kind switch
        {
            // A count has no fraction, so commas in it separate thousands.
            ExportColumnKind.Count => Plain(WithoutDots(field, decimalComma), decimalComma: false) is { } number && number.Value == Math.Floor(number.Value) && number.Value >= 0 ? new(number.Value, 1) : null,
            ExportColumnKind.Duration => Clock(field) ?? Scaled(Plain(WithoutDots(field, decimalComma), decimalComma), column.UnitMs),
            _ => Scaled(Plain(field.TrimEnd('%', ' '), decimalComma), field.EndsWith('%') || isPercentage ? 0.01 : 1) is { } ratio
                ? ratio with { Step = Math.Min(ratio.Step, MaxRatioStep) }
                : null,
        };
        if (found is { Value: > Statistics.Largest })
        {
            error($"'{InputExcerpt.Of(field)}' is too large: use at most {(long)Statistics.Largest}.");
            return null;
        }

        if (found is null)
        {
            error($"'{InputExcerpt.Of(field)}' is not {column.Kind switch
            {
                ExportColumnKind.Count => "a number of interactions, such as 877.",
                ExportColumnKind.Duration => "a duration: use h:mm:ss (0:00:51.181) or a number (51181) in the unit of the header, or in milliseconds if it has none.",
                _ => "a ratio: use 47.59%, 47.59 or 0.4759.",
            }}");
        }

        return found;
    }

    /// <summary>
    /// Reads a number with a decimal point or comma. Commas before groups of three digits separate thousands, unless the first group begins with 0.
    /// </summary>
    /// <param name="decimalComma">
    /// Whether the file uses decimal commas. If true, a single comma before three digits is a decimal comma, unless a decimal point follows.
    /// </param>
    public static ExportedNumber? Plain(string field, bool decimalComma)
    {
        var text = field.Replace(" ", "", StringComparison.Ordinal).Replace("\u00a0", "", StringComparison.Ordinal).Replace("\u202f", "", StringComparison.Ordinal);
        text = IsGrouped(text, decimalComma) ? text.Replace(",", "", StringComparison.Ordinal) : text.Replace(',', '.');
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return null;
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        return new(value, point < 0 ? 1 : Math.Pow(10, point + 1 - text.Length));
    }

    /// <summary>
    /// Removes dots that separate thousands. Only if the comma is the decimal separator do dots before groups of three digits separate thousands.
    /// </summary>
    private static string WithoutDots(string field, bool decimalComma)
    {
        var whole = field.Split(',')[0];
        return decimalComma && whole.Contains('.', StringComparison.Ordinal) && IsGrouped(whole.Replace('.', ','), decimalComma: false) ? field.Replace(".", "", StringComparison.Ordinal) : field;
    }

    private static ExportedNumber? Scaled(ExportedNumber? number, double factor) => number is { } plain ? new(plain.Value * factor, plain.Step * factor) : null;

    /// <summary>Reads a duration as h:mm:ss or m:ss, with or without a fraction.</summary>
    private static ExportedNumber? Clock(string field)
    {
        var parts = field.Split(':');
        if (parts.Length is not (2 or 3) || Plain(parts[^1], decimalComma: true) is not { Value: >= 0 and < 60 } seconds || parts[^1].Length < 2)
        {
            return null;
        }

        var total = seconds.Value;
        var factor = 60.0;
        for (var i = parts.Length - 2; i >= 0; i--)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (i > 0 && number >= 60))
            {
                return null;
            }

            total += number * factor;
            factor *= 60;
        }

        return new(total * 1_000, seconds.Step * 1_000);
    }

    private static bool IsGrouped(string text, bool decimalComma)
    {
        var groups = text.Split('.')[0].TrimStart('-').Split(',');
        return groups.Length > 1 && groups[0].Length is >= 1 and <= 3 && groups[0][0] != '0' && groups.Skip(1).All(group => group.Length == 3 && group.All(char.IsAsciiDigit))
            && !(decimalComma && groups.Length == 2 && !text.Contains('.', StringComparison.Ordinal));
    }
}
