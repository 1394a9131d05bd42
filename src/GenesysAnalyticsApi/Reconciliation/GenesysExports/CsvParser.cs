using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>A file that cannot be read as an export. Where possible, each fault names the line and the column.</summary>
internal sealed class UnreadableExportException(IReadOnlyList<string> faults) : Exception(string.Join(' ', faults))
{
    public UnreadableExportException(string fault)
        : this([fault])
    {
    }

    public IReadOnlyList<string> Faults => faults;

    /// <summary>The wire name of the parameter that contradicts the file; null if the file itself is at fault.</summary>
    public string? Parameter { get; init; }
}

/// <summary>A record of a CSV file.</summary>
/// <param name="Number">The number of the line in which the record begins, from 1.</param>
internal sealed record CsvLine(int Number, ImmutableArray<string> Fields);

/// <summary>Reads the text of a CSV file with quoted fields, line breaks of any operating system, and any single delimiter. Skips empty lines.</summary>
internal static class CsvParser
{
    /// <summary>The delimiters that an export can have.</summary>
    public static readonly char[] Delimiters = [',', ';', '\t'];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes UTF-8 with or without a byte order mark, or UTF-16 with one.</summary>
    /// <exception cref="UnreadableExportException">The bytes have no UTF-16 byte order mark and are not valid UTF-8, or contain NUL characters.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = bytes switch
            {
                [0xEF, 0xBB, 0xBF, .. var rest] => Utf8.GetString(rest),
                [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
                [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
                _ => Utf8.GetString(bytes),
            };
            return !text.Contains('\0', StringComparison.Ordinal) ? text
                : throw new UnreadableExportException("The file contains NUL characters. It is probably UTF-16 or UTF-32 without a byte order mark. Save it as CSV UTF-8.");
        }
        catch (DecoderFallbackException invalid)
        {
            var line = 1 + bytes[..Math.Clamp(invalid.Index, 0, bytes.Length)].Count((byte)'\n');
            throw new UnreadableExportException(string.Create(CultureInfo.InvariantCulture, $"Line {line}: the file is not UTF-8. Save it as CSV UTF-8."));
        }
    }

    /// <exception cref="UnreadableExportException">A quote is not closed, or text follows a closing quote.</exception>
    public static List<CsvLine> Read(string text, char delimiter)
    {
        var lines = new List<CsvLine>();
        var fields = ImmutableArray.CreateBuilder<string>();
        var field = new StringBuilder();
        var (at, line, start) = (0, 1, 1);

        // A flag says whether the field is blank so far, because checking its whole text at each quote would take quadratic time.
        var isBlank = true;
        while (at < text.Length)
        {
            if (text[at] == '"' && isBlank)
            {
                field.Clear();
                isBlank = false;
                (at, line) = ReadQuoted(text, at + 1, line, fields.Count + 1, field);
                at = AfterBlanks(text, at, delimiter);
                if (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
                {
                    throw new UnreadableExportException(string.Create(
                        CultureInfo.InvariantCulture, $"Line {line}, column {fields.Count + 1}: '{InputExcerpt.Of($"{text[at]}")}' follows a closing quote. Separate fields with one delimiter, and write a quote within a quoted field as two quotes."));
                }
            }
            else if (text[at] == delimiter)
            {
                EndField();
                at++;
            }
            else if (text[at] is '\r' or '\n')
            {
                EndLine();
                at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
                start = ++line;
            }
            else
            {
                isBlank &= char.IsWhiteSpace(text[at]);
                field.Append(text[at++]);
            }
        }

        EndLine();
        return lines;

        void EndField()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
            isBlank = true;
        }

        void EndLine()
        {
            EndField();
            if (fields.Any(value => value.Length > 0))
            {
                lines.Add(new(start, fields.ToImmutable()));
            }

            fields.Clear();
        }
    }

    private static int AfterBlanks(string text, int at, char delimiter)
    {
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n') && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <param name="at">The position after the opening quote.</param>
    /// <returns>The position after the closing quote, and its line.</returns>
    private static (int At, int Line) ReadQuoted(string text, int at, int line, int column, StringBuilder field)
    {
        var openingLine = line;
        for (; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                // As outside of quotes, a line ends with CR, LF or CRLF.
                line += text[at] == '\n' || (text[at] == '\r' && !(at + 1 < text.Length && text[at + 1] == '\n')) ? 1 : 0;
                field.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else
            {
                return (at + 1, line);
            }
        }

        throw new UnreadableExportException(string.Create(
            CultureInfo.InvariantCulture, $"Line {openingLine}, column {column}: the quote before '{InputExcerpt.Of(field.ToString())}' is not closed before the file ends. Close it with a second quote."));
    }
}
