using System.Collections.Frozen;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>What the fields of a column contain.</summary>
internal enum ExportColumnKind
{
    /// <summary>The column contains neither a key nor a figure that is compared.</summary>
    Other,
    QueueId,
    QueueName,
    MediaType,
    From,
    To,
    Filters,
    Count,
    Duration,
    Ratio,
}

/// <summary>A column of an export.</summary>
/// <param name="Number">The position of the column in the file, from 1.</param>
/// <param name="Header">The header as in the file. A long header is shortened, because each compared value repeats the header.</param>
internal sealed record ExportColumn(int Number, string Header, ExportColumnKind Kind)
{
    /// <summary>The figure that the column is compared with; null for a key and for a column that is not compared.</summary>
    public FigureField? Figure { get; init; }

    /// <summary>Why the column is not compared; null if the column is compared or is a key.</summary>
    public string? WhyNot { get; init; }

    /// <summary>The length of one unit in milliseconds, for a duration without colons.</summary>
    public double UnitMs { get; init; } = 1;
}

/// <summary>
/// Finds the columns of an export by their English headers. Case, spaces and punctuation do not matter. A unit in parentheses, as in "Avg Handle (s)", applies
/// to durations.
/// </summary>
internal static class ExportColumns
{
    private static readonly FrozenDictionary<string, ExportColumnKind> Keys = ByWord(
        (ExportColumnKind.QueueId, "queueid queueids"),
        (ExportColumnKind.QueueName, "queue queues queuename queuenames"),
        (ExportColumnKind.MediaType, "mediatype mediatypes media channel"),
        (ExportColumnKind.From, "intervalstart start starttime startdate from date"),
        (ExportColumnKind.To, "intervalend end endtime enddate to"),
        (ExportColumnKind.Filters, "filters filter"));

    private static readonly FrozenDictionary<string, string> Figures = ByWord(
        ("offered", "offer offered offers"),
        ("answered", "answer answered answers"),
        ("abandoned", "abandon abandoned abandons"),
        ("shortAbandoned", "shortabandon shortabandoned shortabandons abandonshort"),
        ("flowOut", "flowout flowouts flowedout"),
        ("outbound", "outbound"),
        ("handled", "handle handled"),
        ("overServiceLevel", "oversla overservicelevel"),
        ("transferred", "transfer transferred transfers"),
        ("blindTransferred", "blindtransfer blindtransferred blindtransfers"),
        ("consultTransferred", "consulttransfer consulttransferred consulttransfers"),
        ("errors", "error errors"),
        ("totalHandleTimeMs", "totalhandle totalhandletime handletime handletotal"),
        ("talkTimeMs", "totaltalk totaltalktime talktime talktotal"),
        ("holdTimeMs", "totalhold totalholdtime holdtime holdtotal"),
        ("wrapTimeMs", "totalacw totalacwtime acwtime totalwrapup totalaftercallwork"),
        ("alertTimeMs", "totalalert totalalerttime alerttime"),
        ("dialingTimeMs", "totaldialing totaldialingtime dialingtime"),
        ("contactingTimeMs", "totalcontacting totalcontactingtime contactingtime"),
        ("waitTimeMs", "totalwait totalwaittime waittime"),
        ("answerTimeMs", "totalanswer totalanswertime totalspeedofanswer"),
        ("abandonTimeMs", "totalabandon totalabandontime"),
        ("flowOutTimeMs", "totalflowout totalflowouttime"),
        ("averageHandleTimeMs", "avghandle averagehandle avghandletime averagehandletime handleavg aht"),
        ("averageTalkTimeMs", "avgtalk averagetalk avgtalktime averagetalktime"),
        ("averageHoldTimeMs", "avghold averagehold avgholdtime averageholdtime"),
        ("averageWrapTimeMs", "avgacw averageacw avgacwtime averageacwtime avgwrapup averagewrapup avgaftercallwork averageaftercallwork"),
        ("averageWaitTimeMs", "avgwait averagewait avgwaittime averagewaittime"),
        ("averageSpeedOfAnswerMs", "asa avgspeedofanswer averagespeedofanswer avganswer averageanswer avganswertime"),
        ("averageTimeToAbandonMs", "avgabandon averageabandon avgtimetoabandon averagetimetoabandon ata"),
        ("longestWaitMs", "maxwait maximumwait longestwait"),
        ("longestHandleTimeMs", "maxhandle maximumhandle longesthandle longesthandletime"),
        ("serviceLevel", "servicelevel servicelevelpercent sl slpercent"),
        ("answerRate", "answerpercent answeredpercent answerrate"),
        ("abandonRate", "abandonpercent abandonedpercent abandonrate"),
        ("transferRate", "transferpercent transferredpercent transferrate"));

    /// <summary>Headers that do not say whether the column contains counts, totals or averages.</summary>
    private static readonly FrozenSet<string> Ambiguous = FrozenSet.Create(StringComparer.Ordinal, "talk", "hold", "held", "acw", "wait", "alert", "dialing", "contacting", "wrapup");

    private static readonly FrozenDictionary<string, double> Units = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["ms"] = 1,
        ["msec"] = 1,
        ["milliseconds"] = 1,
        ["s"] = 1_000,
        ["sec"] = 1_000,
        ["seconds"] = 1_000,
        ["min"] = 60_000,
        ["minutes"] = 60_000,
        ["h"] = 3_600_000,
        ["hours"] = 3_600_000,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The fields of records for which headers are known, for the documentation.</summary>
    public static IEnumerable<string> KnownFields => Figures.Values.Distinct(StringComparer.Ordinal);

    public static ImmutableArray<ExportColumn> Of(CsvLine header)
    {
        var columns = header.Fields.Select((text, index) => Of(index + 1, text)).ToList();
        foreach (var repeated in columns.Where(column => column.Kind != ExportColumnKind.Other).GroupBy(column => (column.Kind, column.Figure?.Name)).SelectMany(same => same.Skip(1)).ToList())
        {
            columns[repeated.Number - 1] = repeated with { Kind = ExportColumnKind.Other, Figure = null, WhyNot = "an earlier column has the same meaning" };
        }

        return [.. columns];
    }

    /// <summary>
    /// The number of known columns if the line were the header; 0 if it has no queue column. The header is the line with the most known columns, or the first
    /// of several such lines.
    /// </summary>
    public static int KnownIn(CsvLine line)
    {
        var columns = line.Fields.Select((text, index) => Of(index + 1, text)).ToList();
        return columns.Exists(column => column.Kind is ExportColumnKind.QueueId or ExportColumnKind.QueueName) ? columns.Count(column => column.Kind != ExportColumnKind.Other) : 0;
    }

    private static ExportColumn Of(int number, string header)
    {
        var (word, unit) = Split(header);
        if (Keys.TryGetValue(word, out var key))
        {
            return new(number, InputExcerpt.Of(header), key);
        }

        if (Figures.TryGetValue(word, out var name))
        {
            var field = RecordFieldDefinitions.Figures.Single(figure => figure.Name == name);
            var kind = name.EndsWith("Ms", StringComparison.Ordinal) ? ExportColumnKind.Duration : field is DecimalField ? ExportColumnKind.Ratio : ExportColumnKind.Count;
            return new(number, InputExcerpt.Of(header), kind) { Figure = field, UnitMs = unit };
        }

        return new(number, InputExcerpt.Of(header), ExportColumnKind.Other)
        {
            WhyNot = Ambiguous.Contains(word) ? "the header does not say whether it is a count, a total or an average" : "no figure has this header",
        };
    }

    private static (string Word, double UnitMs) Split(string header)
    {
        var (text, unit) = (header, 1.0);
        if (header.EndsWith(')') && header.LastIndexOf('(') is >= 0 and var open && Units.TryGetValue(Normalized(header[open..]), out var known))
        {
            (text, unit) = (header[..open], known);
        }

        return (Normalized(text), unit);
    }

    private static string Normalized(string text) =>
        string.Concat(text.Replace("%", "percent", StringComparison.Ordinal).Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static FrozenDictionary<string, T> ByWord<T>(params (T Meaning, string Words)[] known) => known
        .SelectMany(entry => entry.Words.Split(' ').Select(word => KeyValuePair.Create(word, entry.Meaning)))
        .ToFrozenDictionary(StringComparer.Ordinal);
}
