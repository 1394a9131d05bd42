using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>Reads an export from the bytes of a CSV file.</summary>
internal sealed class ExportReader
{
    /// <summary>Reading stops at this number of faults, because further faults usually have the same reason.</summary>
    private const int MaxFaults = 10;

    private readonly ExportSettings _settings;
    private readonly ImmutableArray<ExportColumn> _columns;
    private readonly List<CsvLine> _lines;
    private readonly ExportTimes _times;
    private readonly HashSet<int> _percentageColumns;
    private readonly bool _hasDecimalComma;
    private readonly List<string> _faults = [];
    private readonly ImmutableArray<RowNotCompared>.Builder _notCompared = ImmutableArray.CreateBuilder<RowNotCompared>();

    private ExportReader(CsvLine header, List<CsvLine> lines, bool decimalComma, ExportSettings settings)
    {
        (_settings, _lines, _hasDecimalComma, _columns) = (settings, lines, decimalComma, ExportColumns.Of(header));
        _times = new ExportTimes(
            lines.SelectMany(line => new[] { TextOf(line, ExportColumnKind.From), TextOf(line, ExportColumnKind.To) }).OfType<string>(), settings.Zone);

        // Even without a percent sign, one number above 1 shows that all numbers of the column are percentages.
        _percentageColumns =
        [
            .. _columns.Where(column => column.Kind == ExportColumnKind.Ratio
                && lines.Exists(line => ExportedNumber.Plain(FieldOf(line, column).TrimEnd('%', ' '), decimalComma) is { Value: > 1 })).Select(column => column.Number),
        ];
    }

    /// <exception cref="UnreadableExportException">The file cannot be read as an export.</exception>
    public static PerformanceExport Read(ReadOnlySpan<byte> bytes, ExportSettings settings)
    {
        var text = CsvParser.Decode(bytes);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UnreadableExportException("The file is empty.");
        }

        var (header, lines, delimiter) = ExportHeader.Find(text);
        if (lines is [])
        {
            throw new UnreadableExportException("The file has a header but no rows. Export a period in which the queues have interactions.");
        }

        // If the delimiter is a semicolon, a comma is the decimal separator.
        return new ExportReader(header, lines, decimalComma: delimiter == ';', settings).Read();
    }

    private PerformanceExport Read()
    {
        if (_settings.Interval is null && !_columns.Any(column => column.Kind == ExportColumnKind.From))
        {
            throw new UnreadableExportException($"The file has no column 'Interval Start': {(_columns.Any(column => column.Kind == ExportColumnKind.To) ? "remove the column 'Interval End', and " : "")}set the interval of all rows with interval=start/end, or with --interval start/end on the command line.");
        }

        if (_settings.Interval is not null && _columns.Any(column => column.Kind == ExportColumnKind.From))
        {
            throw new UnreadableExportException("The file has the column 'Interval Start', and interval= was also set. Omit interval=, or remove the columns 'Interval Start' and 'Interval End'.");
        }

        var rows = ImmutableArray.CreateBuilder<ExportRow>();
        foreach (var line in _lines)
        {
            if (TextOf(line, ExportColumnKind.QueueId) is null && TextOf(line, ExportColumnKind.QueueName) is null)
            {
                _notCompared.Add(new(line.Number, "", "it names no queue; it is probably a summary"));
            }
            else if (line.Fields.Length < _columns.Length)
            {
                // The line is probably cut off, so the missing figures must not be read as 0.
                _notCompared.Add(new(line.Number, InputExcerpt.Of(TextOf(line, ExportColumnKind.QueueName) ?? ""), string.Create(CultureInfo.InvariantCulture, $"it has {line.Fields.Length} fields, but the header has {_columns.Length}")));
            }
            else if (RowOf(line) is { } row)
            {
                rows.Add(row);
            }

            if (_faults.Count >= MaxFaults)
            {
                break;
            }
        }

        return _faults is [] ? new(_columns, [.. rows.Where(row => HasStarted(row, rows))], _notCompared.ToImmutable()) : throw new UnreadableExportException(_faults);
    }

    /// <summary>Whether the interval of the row had started when the file was exported. If not, the row is not compared.</summary>
    /// <param name="rows">All rows.</param>
    /// <exception cref="UnreadableExportException">The row has figures, so the file was exported later than <c>exportedAt</c> says.</exception>
    private bool HasStarted(ExportRow row, IEnumerable<ExportRow> rows)
    {
        if (!(row.From >= _settings.ExportedAt))
        {
            return true;
        }

        if (!row.HasFigures)
        {
            _notCompared.Add(new(row.Line, row.Queue, "it starts after exportedAt and has no figures"));
            return false;
        }

        var last = rows.Where(one => one.HasFigures).MaxBy(one => one.From)!;
        throw new UnreadableExportException(
            $"{InstantFormat.Print(_settings.ExportedAt.Value)} is before the data of the file: the interval of line {last.Line} starts at {InstantFormat.Print(last.From)} and has figures. "
            + $"exportedAt must be later than {InstantFormat.Print(last.From)}.")
        {
            Parameter = "exportedAt",
        };
    }

    /// <returns>Null if the line has a fault, or if the row is not compared.</returns>
    private ExportRow? RowOf(CsvLine line)
    {
        var earlierFaults = _faults.Count;
        if (line.Fields.Length > _columns.Length)
        {
            _faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Line {line.Number}, column {_columns.Length + 1}: '{InputExcerpt.Of(line.Fields[_columns.Length])}' has no header: the line has {line.Fields.Length} fields, but the header has {_columns.Length}. Quote a field that contains the delimiter."));
        }

        var id = TextOf(line, ExportColumnKind.QueueId);
        if (id is not null && !GenesysId.Is(id))
        {
            AddFault(line, ExportColumnKind.QueueId, $"'{InputExcerpt.Of(id)}' is not the id of a queue: use a GUID such as 05f1c285-6777-4ccc-806f-8db085ae0793.");
        }

        var mediaTypes = MediaTypesOf(line);
        var (interval, whyNot) = IntervalOf(line);
        var values = _columns.Where(column => column.Figure is not null).Select(column => (column, NumberOf(line, column))).ToImmutableArray();
        if (_faults.Count > earlierFaults)
        {
            return null;
        }

        var name = TextOf(line, ExportColumnKind.QueueName);
        if (interval is not { } known)
        {
            _notCompared.Add(new(line.Number, InputExcerpt.Of(name ?? id!), whyNot!));
            return null;
        }

        var row = new ExportRow(line.Number, id, name, mediaTypes, known.Start, known.End, values);
        if (row.From < _settings.Now)
        {
            return row;
        }

        if (row.HasFigures)
        {
            AddFault(
                line, ExportColumnKind.From,
                $"'{InputExcerpt.Of(TextOf(line, ExportColumnKind.From)!)}' is in the future, although the row has figures: use a start before the current time ({InstantFormat.PrintSeconds(_settings.Now)}), and check timeZone.");
        }
        else
        {
            _notCompared.Add(new(row.Line, row.Queue, "it starts in the future"));
        }

        return null;
    }

    /// <returns>The interval of the row, or the reason why the row is not compared. Both are null if the line has a fault.</returns>
    private (Interval? Interval, string? WhyNot) IntervalOf(CsvLine line)
    {
        var (fromText, toText) = (TextOf(line, ExportColumnKind.From), TextOf(line, ExportColumnKind.To));
        if (fromText is null && toText is null)
        {
            return _settings.Interval is { } interval ? (interval, null) : (null, "it has no interval; it is probably a summary");
        }

        if (fromText is null || toText is null)
        {
            var (kind, given, missing) = fromText is null ? (ExportColumnKind.To, "an end", "start") : (ExportColumnKind.From, "a start", "end");
            AddFault(line, kind, $"'{InputExcerpt.Of(fromText ?? toText!)}' is {given} without a{(fromText is null ? "" : "n")} {missing}: each row needs 'Interval Start' and 'Interval End', or neither.");
            return (null, null);
        }

        var (from, to) = (TimeOf(line, ExportColumnKind.From, fromText), TimeOf(line, ExportColumnKind.To, toText));
        if (from is null || to is null)
        {
            return (null, null);
        }

        var found = from.Until(to);
        if (found is (null, null))
        {
            AddFault(line, ExportColumnKind.To, $"'{InputExcerpt.Of(toText)}' is not after the start '{InputExcerpt.Of(fromText)}': use a later time.");
        }

        return found;
    }

    private ExportTime? TimeOf(CsvLine line, ExportColumnKind kind, string text) => _times.Of(text, isEnd: kind == ExportColumnKind.To, message => AddFault(line, kind, message));

    private ExportedNumber? NumberOf(CsvLine line, ExportColumn column)
    {
        var field = FieldOf(line, column);
        return ExportedNumber.IsNone(field) ? null : ExportedNumber.Parse(field, column, _percentageColumns.Contains(column.Number), _hasDecimalComma, message => AddFault(line, column, message));
    }

    private ImmutableArray<string> MediaTypesOf(CsvLine line)
    {
        var text = TextOf(line, ExportColumnKind.MediaType);
        if (text is null || text.Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var types = text.Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        var known = types.Select(type => MediaTypes.Known.FirstOrDefault(name => name.Equals(type, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var (type, _) in types.Zip(known).Where(pair => pair.Second is null))
        {
            AddFault(line, ExportColumnKind.MediaType, $"'{InputExcerpt.Of(type)}' is not a media type: use one of {string.Join(", ", MediaTypes.Known)}.");
        }

        return [.. known.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private void AddFault(CsvLine line, ExportColumnKind kind, string message)
    {
        if (_columns.FirstOrDefault(column => column.Kind == kind) is { } column)
        {
            AddFault(line, column, message);
        }
        else
        {
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"Line {line.Number}: {message}"));
        }
    }

    private void AddFault(CsvLine line, ExportColumn column, string message) =>
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"Line {line.Number}, column {column.Number} ({column.Header}): {message}"));

    /// <summary>The text of the line in the first column of a kind; null if there is no such column, or if the field is empty.</summary>
    private string? TextOf(CsvLine line, ExportColumnKind kind) =>
        _columns.FirstOrDefault(column => column.Kind == kind) is { } column && FieldOf(line, column) is { Length: > 0 } text ? text : null;

    private static string FieldOf(CsvLine line, ExportColumn column) => column.Number <= line.Fields.Length ? line.Fields[column.Number - 1] : "";
}
