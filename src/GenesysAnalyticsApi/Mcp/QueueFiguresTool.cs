using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Returns the figures of queues for a period, on request with a comparison. This tool answers most questions.</summary>
[McpServerToolType]
internal sealed class QueueFiguresTool(FiguresReader reader, ArgumentFaults faults, IOptions<McpOptions> options)
{
    private static readonly string[] DefaultFigures =
    [
        "offered", "answered", "abandoned", "handled", "answerRate", "abandonRate", "serviceLevel", "serviceLevelTarget", "averageSpeedOfAnswerMs", "averageHandleTimeMs", "longestWaitMs",
    ];

    private static readonly string[] Labels = [.. RecordFieldDefinitions.Labels.Select(field => field.Name)];

    private static readonly string[] FigureNames = [.. RecordFieldDefinitions.Figures.Select(field => field.Name)];

    private static readonly string[] Sortable = [.. Labels, .. FigureNames];

    private static readonly IReadOnlyList<string> Arguments = ToolArguments.NamesOf<QueueFiguresTool>(nameof(ReadAsync));

    [McpServerTool(Name = "queue_figures", Title = "Queue figures", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Returns queue figures for a period: offered, answered, abandoned, service level, wait and handle times, and more. By default, there is one row per queue, with the busiest queue first, and a total over all rows. "
        + "Use granularity for one row per hour or day, groupBy for media types, divisions, directions, agents or wrap-up codes, and compare for a comparison with another period.")]
    public async Task<QueueFigures> ReadAsync(
        ClaimsPrincipal user,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.Period))] string? period = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.From))] string? from = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.To))] string? to = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.TimeZone))] string? timeZone = null,
        [Description(QueueArguments.Description)] string[]? queue = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.MediaType))] string[]? mediaType = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.Direction))] string? direction = null,
        [Description("The dimensions of the rows: queueId, mediaType, divisionId, messageType, direction, userId (needs the agents scope), wrapUpCode; or the value none, for one row over all queues. Default: queueId.")] string[]? groupBy = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.Granularity))] string? granularity = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.Compare))] string? compare = null,
        [Description("Names of figures, such as offered or averageHandleTimeMs (explain_figure describes each one). Omit it for a default selection.")] string[]? figures = null,
        [Description("A figure to sort by. Prefix it with - for descending, such as -abandoned. Default: -offered, or by time if granularity is set.")] string? sort = null,
        [Description("The maximum number of rows to return.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var wanted = WantedOf(figures);
        CheckSort(sort);
        var maxRows = ToolRowLimit.Of(limit, options.Value.MaxRows, faults);
        var queues = QueueArguments.Of(queue);
        var response = await reader.ReadAsync(new AggregatesParameters
        {
            Period = period,
            From = from,
            To = to,
            TimeZone = timeZone,
            QueueId = queues.Ids,
            Queue = queues.Names,
            MediaType = mediaType,
            Direction = direction,
            GroupBy = groupBy is { Length: > 0 } ? groupBy : ["queueId"],
            Granularity = granularity,
            Compare = compare,
            Totals = "true",
            Sort = sort is not null ? [sort] : granularity is null ? ["-offered"] : null,
            Limit = maxRows.ToString(CultureInfo.InvariantCulture),
        }, Arguments, faults, user.Caller(), cancellationToken);
        return Of(response, wanted);
    }

    private string[] WantedOf(string[]? figures)
    {
        var errors = (figures ?? []).Where(figure => !FigureNames.Contains(figure, StringComparer.Ordinal)).Take(10)
            .Select(figure => DidYouMean.Message(figure, "a figure", FigureNames, listedIn: ExplainFigureTool.Catalog)).ToArray();
        if (errors is [])
        {
            return figures is { Length: > 0 } ? [.. figures.Distinct(StringComparer.Ordinal)] : DefaultFigures;
        }

        faults.Add("figures", errors);
        return DefaultFigures;
    }

    /// <summary>The endpoint also sorts by fields that other parameters add, which are no arguments of this tool.</summary>
    private void CheckSort(string? sort)
    {
        var field = sort is ['-', .. var name] ? name : sort;
        if (field is not null && !Sortable.Contains(field.StartsWith(SortField.Previous, StringComparison.Ordinal) ? field[SortField.Previous.Length..] : field, StringComparer.Ordinal))
        {
            faults.Add("sort", DidYouMean.MessageWith(DidYouMean.To(field, Sortable), sort!, "a figure", Sortable, ExplainFigureTool.Catalog));
        }
    }

    private QueueFigures Of(JsonElement response, string[] wanted)
    {
        var (query, meta) = (response.GetProperty("query"), response.GetProperty("meta"));
        var rows = meta.GetProperty("rows");
        var (returned, total) = (rows.GetProperty("returned").GetInt32(), rows.GetProperty("total").GetInt32());
        return new QueueFigures
        {
            Interval = query.GetProperty("interval").GetString()!,
            TimeZone = query.GetProperty("timeZone").GetString()!,
            CompareInterval = Text(query, "compareInterval"),
            Reliability = ReliabilityOf(meta),
            AsOf = Text(meta, "asOf"),
            Complete = meta.GetProperty("complete").GetBoolean(),
            Final = meta.GetProperty("final").GetBoolean(),
            Simulated = Text(meta, "source") == "simulator",
            Total = response.TryGetProperty("totals", out var totals) && totals.ValueKind == JsonValueKind.Object ? RowOf(totals, wanted) : null,
            Rows = [.. response.GetProperty("records").EnumerateArray().Select(record => RowOf(record, wanted))],
            TotalRows = total,
            LeftOut = ToolRowLimit.LeftOut(total, returned, options.Value.MaxRows, "rows", "Select fewer queues, or use a coarser granularity or groupBy"),
            Warnings = [.. meta.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("message").GetString()!)],
        };
    }

    private static FigureRow RowOf(JsonElement record, string[] wanted) => new(
        Labels.Where(label => record.TryGetProperty(label, out var value) && value.ValueKind != JsonValueKind.Null).ToDictionary(label => label, label => record.GetProperty(label).Clone(), StringComparer.Ordinal),
        FiguresOf(record, wanted),
        record.TryGetProperty("previous", out var previous) && previous.ValueKind == JsonValueKind.Object ? FiguresOf(previous, wanted) : null,
        record.GetProperty("complete").GetBoolean(),
        record.GetProperty("final").GetBoolean());

    private static Dictionary<string, double?> FiguresOf(JsonElement record, string[] wanted) => wanted.ToDictionary(
        name => name, name => record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : (double?)null, StringComparer.Ordinal);

    /// <summary>How old, complete and final the figures are, in words, because a model reports a sentence more reliably than it interprets flags.</summary>
    private static string ReliabilityOf(JsonElement meta)
    {
        var age = Text(meta, "asOf") is { } asOf ? $"Figures as of {asOf}. " : "";
        var complete = meta.GetProperty("complete").GetBoolean() ? "Complete: every part of the interval was read. " : "Incomplete: some data is missing, so figures can be too low or null. ";
        var final = meta.GetProperty("final").GetBoolean() ? "Final: Genesys will no longer change these figures." : "Not final: Genesys can still change these figures, because conversations are open or recent.";
        var stale = meta.GetProperty("stale").GetBoolean() ? " Stale: newer figures could not be read." : "";
        return age + complete + final + stale;
    }

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Figures with their age and completeness.</summary>
internal sealed record QueueFigures
{
    /// <summary>The resolved interval, half-open, in UTC.</summary>
    public required string Interval { get; init; }

    /// <summary><inheritdoc cref="ResolvedQuery.TimeZone"/></summary>
    public required string TimeZone { get; init; }

    /// <summary><inheritdoc cref="ResolvedQuery.CompareInterval"/></summary>
    public string? CompareInterval { get; init; }

    /// <summary>The age, completeness and finality of the figures, in words.</summary>
    public required string Reliability { get; init; }

    /// <summary><inheritdoc cref="ResponseMeta.AsOf"/></summary>
    public string? AsOf { get; init; }

    /// <summary><inheritdoc cref="ResponseMeta.Complete"/></summary>
    public required bool Complete { get; init; }

    /// <summary><inheritdoc cref="ResponseMeta.Final"/></summary>
    public required bool Final { get; init; }

    /// <summary>True if the figures come from the built-in simulator instead of an organization.</summary>
    public required bool Simulated { get; init; }

    /// <summary>The figures over all rows, including the rows that are not shown; null if there are none.</summary>
    public FigureRow? Total { get; init; }

    /// <summary>The rows, without those that leftOut mentions.</summary>
    public required IReadOnlyList<FigureRow> Rows { get; init; }

    /// <summary><inheritdoc cref="RowCounts.Total"/></summary>
    public required int TotalRows { get; init; }

    /// <summary>How many rows were omitted, and how to get them; null if none were.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Why figures are missing, stale or without names.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <param name="Of">The labels of the row, such as queue, media type and start of the bucket.</param>
/// <param name="Figures">The figures by name. Durations are in milliseconds; rates and levels are from 0 to 1. Null means unknown or undefined.</param>
/// <param name="Previous">The same figures for the interval that the row is compared with; null without a comparison.</param>
/// <param name="Complete">False if some data of this row is missing, so its figures can be too low or null.</param>
/// <param name="Final">True if Genesys will no longer change the figures of this row.</param>
internal sealed record FigureRow(
    [property: RecordFields(areLabels: true)] IReadOnlyDictionary<string, JsonElement> Of,
    [property: RecordFields(areLabels: false)] IReadOnlyDictionary<string, double?> Figures,
    [property: RecordFields(areLabels: false)] IReadOnlyDictionary<string, double?>? Previous,
    bool Complete,
    bool Final);
