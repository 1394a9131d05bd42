using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Describes the age and completeness of conversations.</summary>
internal sealed class ConversationMetaBuilder(IOptions<GenesysOptions> genesys)
{
    /// <param name="report">What the read of the conversations has collected.</param>
    /// <param name="visible">The queues of the query that the caller can see.</param>
    /// <param name="to">The end of the interval that the query selects.</param>
    /// <param name="matches">The values of the filters for which there are conversations; null for a single conversation.</param>
    public ConversationsMeta Of(DetailsReadReport report, VisibleQueues visible, Instant to, FilterMatches? matches = null) => new(
        Seconds(report.AsOf),
        report.IsComplete && report.InvalidEntries == 0,
        genesys.Value.SourceName(),
        Seconds(report.DataAvailableUntil),
        report.InvalidEntries,
        [
            .. visible.Warnings,
            .. matches?.Warnings(report) ?? [],
            .. report.WarningsFor(visible.Scope.SeesAll).Select(message => new ResponseWarning("count-differs", message)),
            .. report.FailedPieces.Take(ResponseWarning.MaxNamed).Select(failed => new ResponseWarning(
                "part-missing",
                $"Conversations that began from {InstantFormat.Print(failed.Piece.From)} to {InstantFormat.Print(failed.Piece.To)} could not be read from Genesys: {failed.Failure.Message}")),
            .. Warn(report.FailedPieces.Count > ResponseWarning.MaxNamed, "part-missing", $"Further parts of the interval that could not be read from Genesys: {report.FailedPieces.Count - ResponseWarning.MaxNamed}."),
            .. Warn(report.InvalidEntries > 0, "invalid-entries", $"{report.InvalidEntries} entries of Genesys' replies could not be read and were dropped."),
            .. Warn(
                report.DataAvailableUntil < to,
                "after-bulk-data",
                $"Conversations that began at {Seconds(report.DataAvailableUntil)} or later are newer than Genesys' bulk data and can still change."),
        ]);

    private static ResponseWarning[] Warn(bool applies, string code, string message) => applies ? [new(code, message)] : [];

    private static string? Seconds(Instant? instant) => instant is { } time ? InstantFormat.PrintSeconds(time) : null;
}
