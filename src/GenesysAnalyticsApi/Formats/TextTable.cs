using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Text;
using Wcwidth;

namespace GenesysAnalyticsApi.Formats;

/// <summary>Writes a table for a terminal, in aligned columns. A wide character takes two positions, as in a terminal.</summary>
internal static class TextTable
{
    public const string Missing = "-";

    private const string Gap = "  ";

    /// <param name="rows">All rows; the first row contains the titles.</param>
    /// <param name="isText">Whether a column contains text, which is left-aligned. Numbers are right-aligned.</param>
    public static void Write(StringBuilder text, IReadOnlyList<string[]> rows, Func<int, bool> isText)
    {
        var widths = rows[0].Select((_, i) => rows.Max(row => Width(row[i]))).ToArray();
        foreach (var row in rows)
        {
            text.Append(string.Join(Gap, row.Select((cell, i) => Padded(cell, widths[i], isText(i)))).TrimEnd()).Append('\n');
        }
    }

    /// <summary>Writes a line for each warning, below the table.</summary>
    public static void WriteWarnings(StringBuilder text, IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            text.Append("Warning: ").Append(DisplayText.Of(message)).Append('\n');
        }
    }

    /// <summary>Joins the facts about the figures for the last line; omits facts that are null.</summary>
    public static string Facts(params IEnumerable<string?> facts) => string.Join(", ", facts.OfType<string>());

    /// <param name="format">The format of numbers.</param>
    public static string Cell<TRow>(TableColumn<TRow> column, TRow row, string format) => column switch
    {
        IntegerColumn<TRow> whole => Cell(whole.Of(row), format),
        DecimalColumn<TRow> number => Cell(number.Of(row), format),
        TextColumn<TRow> text => Cell(text.Of(row)),
        _ => throw new InvalidOperationException($"The column {column.Name} has a type that a table for a terminal cannot show."),
    };

    public static string Cell(string? text) => text is null ? Missing : DisplayText.Of(text);

    public static string Cell(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? Missing;

    private static string Padded(string cell, int width, bool isText)
    {
        var padding = new string(' ', width - Width(cell));
        return isText ? cell + padding : padding + cell;
    }

    /// <summary>The number of positions that the text takes in a terminal. A zero-width character, such as a combining accent, takes none.</summary>
    private static int Width(string text) => text.EnumerateRunes().Sum(rune => Math.Max(0, UnicodeCalculator.GetWidth(rune)));
}
