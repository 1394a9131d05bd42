namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>Finds the header of an export. Chooses the delimiter and the header line that result in the most known columns.</summary>
internal static class ExportHeader
{
    /// <summary>The number of lines at the start of the file that can contain the header. Lines such as a title can precede the header.</summary>
    private const int MaxHeaderLines = 20;

    /// <exception cref="UnreadableExportException">No line is a header, or the file is not CSV.</exception>
    public static (CsvLine Header, List<CsvLine> Lines, char Delimiter) Find(string text)
    {
        UnreadableExportException? broken = null;
        (CsvLine Header, List<CsvLine> Lines, char Delimiter, int Known) best = (new(1, []), [], ',', 0);
        foreach (var delimiter in CsvParser.Delimiters)
        {
            try
            {
                var all = CsvParser.Read(text, delimiter);
                foreach (var (index, line) in all.Take(MaxHeaderLines).Index())
                {
                    if (ExportColumns.KnownIn(line) is var known && known > best.Known)
                    {
                        best = (line, all.GetRange(index + 1, all.Count - index - 1), delimiter, known);
                    }
                }
            }
            catch (UnreadableExportException failure)
            {
                broken ??= failure;
            }
        }

        return best.Known > 1
            ? (best.Header, best.Lines, best.Delimiter)
            : throw broken ?? new UnreadableExportException(
                $"No header was found in the first {MaxHeaderLines} lines: one line must have 'Queue Id' or 'Queue Name', and figures such as 'Offer', 'Answer' or 'Avg Handle', separated by commas, semicolons or tabs. Export in English.");
    }
}
