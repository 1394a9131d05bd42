using System.Collections.Immutable;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>What the caller states about the file, because the file may not contain it.</summary>
/// <param name="Zone">The time zone of its times.</param>
/// <param name="Interval">The interval of rows without times; null if each row has its own.</param>
internal sealed record ExportSettings(DateTimeZone Zone, Interval? Interval)
{
    /// <summary>When the file was exported; null if that is not known.</summary>
    public Instant? ExportedAt { get; init; }
}

/// <summary>An export of Genesys' performance view of queues, as read from the file.</summary>
/// <param name="Rows">One for each queue, media type and interval.</param>
/// <param name="NotCompared">The lines that are not compared, and why.</param>
internal sealed record PerformanceExport(ImmutableArray<ExportColumn> Columns, ImmutableArray<ExportRow> Rows, ImmutableArray<RowNotCompared> NotCompared);

/// <summary>A row of an export.</summary>
/// <param name="Line">The line of the file.</param>
/// <param name="MediaTypes">In lower case; empty for all.</param>
/// <param name="Values">The numbers by column; null for an empty field.</param>
internal sealed record ExportRow(int Line, string? QueueId, string? QueueName, ImmutableArray<string> MediaTypes, Instant From, Instant To, ImmutableArray<(ExportColumn Column, ExportedNumber? Number)> Values)
{
    /// <summary>The queue as the file names it, shortened.</summary>
    public string Queue => InputExcerpt.Of(QueueName ?? QueueId ?? "");
}

/// <summary>A row of an export that was not compared.</summary>
/// <param name="Line" example="14">The line of the file.</param>
/// <param name="Queue" example="Customer Service">The queue as the file names it; empty if it names none.</param>
/// <param name="Reason" example="no queue has this name">Why it was not compared.</param>
internal sealed record RowNotCompared(int Line, string Queue, string Reason);
