using System.Globalization;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.Exports;

/// <summary>A number of an export. Milliseconds for a duration, 0–1 for a ratio.</summary>
/// <param name="Step">The unit of the last digit that the export shows. A figure within one step of the number agrees with it, rounded or cut.</param>
internal readonly record struct ExportedNumber(double Value, double Step)
{
    /// <summary>The part of a step that can be lost because decimals are not exact in binary.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>The distance of neighbouring numbers, relative to them.</summary>
    private const double Precision = 2.3e-16;

    public bool Agrees(double figure) => Math.Abs(figure - Value) < Step - (Step * Tolerance) || Math.Abs(figure - Value) <= Math.Abs(Value) * Precision;

    /// <summary>Whether the cell is empty, as exports show what there is none of.</summary>
    public static bool IsNone(string cell) => cell.Length == 0 || cell is "-" or "–" or "—" || cell.Equals("N/A", StringComparison.OrdinalIgnoreCase);

    /// <param name="percentage">The numbers of the column are percentages, even without a sign.</param>
    /// <returns>Null, after a report of what is accepted, if the cell is not such a number.</returns>
    public static ExportedNumber? Parse(string cell, ExportColumn column, bool percentage, Action<string> error)
    {
        var found = column.Kind switch
        {
            ExportColumnKind.Count => Plain(cell) is { Step: 1 or < 1 } number && number.Value == Math.Floor(number.Value) && number.Value >= 0 ? new(number.Value, 1) : null,
            ExportColumnKind.Duration => Clock(cell) ?? Scaled(Plain(cell), column.UnitMs),
            _ => Scaled(Plain(cell.TrimEnd('%', ' ')), cell.EndsWith('%') || percentage ? 0.01 : 1),
        };
        if (found is null)
        {
            error($"'{InputExcerpt.Of(cell)}' is not {column.Kind switch
            {
                ExportColumnKind.Count => "a number of interactions, such as 877.",
                ExportColumnKind.Duration => "a duration: accepted are milliseconds (51181), h:mm:ss (0:00:51.181) and decimals.",
                _ => "a ratio: accepted are 47.59%, 47.59 and 0.4759.",
            }}");
        }

        return found;
    }

    /// <summary>A number with a decimal point or comma. A comma before groups of three digits separates thousands.</summary>
    public static ExportedNumber? Plain(string cell)
    {
        var text = cell.Replace(" ", "", StringComparison.Ordinal).Replace("\u00a0", "", StringComparison.Ordinal).Replace("\u202f", "", StringComparison.Ordinal);
        text = IsGrouped(text) ? text.Replace(",", "", StringComparison.Ordinal) : text.Replace(',', '.');
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return null;
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        return new(value, point < 0 ? 1 : Math.Pow(10, point + 1 - text.Length));
    }

    private static ExportedNumber? Scaled(ExportedNumber? number, double factor) => number is { } plain ? new(plain.Value * factor, plain.Step * factor) : null;

    /// <summary>h:mm:ss or m:ss, with or without a fraction.</summary>
    private static ExportedNumber? Clock(string cell)
    {
        var parts = cell.Split(':');
        if (parts.Length is not (2 or 3) || Plain(parts[^1]) is not { Value: >= 0 and < 60 } seconds || parts[^1].Length < 2)
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

    private static bool IsGrouped(string text)
    {
        var groups = text.Split('.')[0].TrimStart('-').Split(',');
        return groups.Length > 1 && groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(group => group.Length == 3 && group.All(char.IsAsciiDigit));
    }
}
