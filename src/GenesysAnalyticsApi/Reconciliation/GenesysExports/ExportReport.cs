using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Reconciliation.Comparing;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>Turns a compared export into the response.</summary>
internal static class ExportReport
{
    /// <param name="showsAll">Whether the response also contains values without a difference.</param>
    public static ExportResponse Of(ComparedExport compared, bool showsAll, int limit)
    {
        var shown = compared.Values.Where(value => showsAll || value.Agreement != Agreement.Equal).ToList();
        var records = shown.OrderByDescending(value => value.Agreement).Take(limit).Select(value => RecordOf(value, compared)).ToList();
        var metas = compared.Aggregates.Select(result => result.Meta).ToList();
        return new ExportResponse(
            new ExportMeta
            {
                AggregatesAsOf = metas.Select(meta => meta.AsOf).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault(),
                TimeZone = compared.Settings.Zone.Name,
                Source = metas.Select(meta => meta.Source).FirstOrDefault(),
                ComparedRows = compared.Queues.Count,
                NotComparedRows = compared.NotCompared.Length,
                Values = AgreementCounts.Of([.. compared.Values.Select(value => value.Agreement)]),
                Rows = new(records.Count, shown.Count),
                Warnings = [.. metas.SelectMany(meta => meta.Warnings).Distinct()],
            },
            [.. compared.Export.Columns.Select(column => new ExportColumnRecord(column.Number, column.Header, column.Figure?.Name, column.WhyNot))],
            compared.NotCompared,
            records);
    }

    private static ExportValue RecordOf(ExportedValue value, ComparedExport compared)
    {
        var queue = compared.Queues[value.Row];
        return new()
        {
            Line = value.Row.Line,
            Column = value.Column.Number,
            Header = value.Column.Header,
            QueueId = queue.Id,
            QueueName = queue.Name,
            MediaTypes = value.Row.MediaTypes,
            From = InstantFormat.Print(value.Row.From),
            To = InstantFormat.Print(value.Row.To),
            Figure = value.Column.Figure!.Name,
            Export = value.Export?.Value,
            Step = value.Export?.Step,
            Aggregates = value.Aggregates,
            Difference = value.Aggregates - value.Export?.Value,
            Cause = value.Cause?.Name,
        };
    }
}
