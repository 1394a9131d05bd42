using System.Collections.Immutable;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>What the caller states about the file, because the file itself might not say so.</summary>
/// <param name="Zone">The time zone of the times in the file.</param>
/// <param name="Interval">The interval of all rows, for a file in which the rows have no times; null if each row has its own times.</param>
internal sealed record ExportSettings(DateTimeZone Zone, Interval? Interval)
{
    /// <summary>When the file was exported; null if the time is not known.</summary>
    public Instant? ExportedAt { get; init; }

    /// <summary>The current time: no row of an export starts later.</summary>
    public Instant Now { get; init; } = Instant.MaxValue;
}

/// <summary>An export from the performance view of queues in the Genesys UI, as read from the file.</summary>
/// <param name="Rows">The rows that can be compared, usually one per queue, media type and interval.</param>
/// <param name="NotCompared">The rows that are not compared, each with the reason.</param>
internal sealed record PerformanceExport(ImmutableArray<ExportColumn> Columns, ImmutableArray<ExportRow> Rows, ImmutableArray<RowNotCompared> NotCompared);

/// <summary>A row of an export.</summary>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="MediaTypes">The media types, in lower case; empty for all.</param>
/// <param name="Values">The number in each column that is compared; null for an empty field.</param>
internal sealed record ExportRow(int Line, string? QueueId, string? QueueName, ImmutableArray<string> MediaTypes, Instant From, Instant To, ImmutableArray<(ExportColumn Column, ExportedNumber? Number)> Values)
{
    /// <summary>Whether the row has a figure other than 0.</summary>
    public bool HasFigures => Values.Any(value => value.Number is { Value: not 0 });

    /// <summary>The queue as the file names it. A long name is shortened.</summary>
    public string Queue => InputExcerpt.Of(QueueName ?? QueueId ?? "");
}

/// <summary>A row of an export that was not compared.</summary>
/// <param name="Line" example="14">The line of the file, from 1.</param>
/// <param name="Queue" example="Customer Service">The queue as the file names it; empty if the row names no queue.</param>
/// <param name="Reason" example="no queue has this name">Why the row was not compared.</param>
internal sealed record RowNotCompared(int Line, string Queue, string Reason);
