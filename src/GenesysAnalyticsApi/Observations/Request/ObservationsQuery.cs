using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Observations.Request;

/// <summary>A validated query for the current state of queues.</summary>
internal sealed record ObservationsQuery
{
    public ImmutableArray<string> QueueIds { get; init; } = [];

    /// <summary>Names and patterns, not yet resolved.</summary>
    public ImmutableArray<string> QueueNames { get; init; } = [];

    public ImmutableArray<string> DivisionIds { get; init; } = [];

    /// <summary>In lower case and sorted; empty for all.</summary>
    public ImmutableArray<string> MediaTypes { get; init; } = [];

    /// <summary>One record per queue.</summary>
    public bool ByQueue { get; init; } = true;

    /// <summary>One record per media type.</summary>
    public bool ByMediaType { get; init; } = true;

    public ResponseFormat Format { get; init; } = ResponseFormat.Json;

    /// <summary>A CSV body starts with a byte order mark.</summary>
    public bool ByteOrderMark { get; init; }

    public bool DenyPartial { get; init; }

    /// <summary>Null for the setting <c>Observations:MaxAge</c>.</summary>
    public Duration? MaxAge { get; init; }

    public IReadOnlyList<string> GroupBy => [.. ByQueue ? [ObservationsGrouping.Queue] : Array.Empty<string>(), .. ByMediaType ? [ObservationsGrouping.MediaType] : Array.Empty<string>()];

    /// <summary>Creates the query from parameters that passed validation.</summary>
    public static ObservationsQuery Of(ObservationsParameters parameters, Instant now, ResponseFormat format)
    {
        var shared = AggregatesQuery.From(parameters.Shared, now, format);
        var groupBy = AggregatesParameters.Items(parameters.GroupBy);
        return new ObservationsQuery
        {
            QueueIds = shared.QueueIds,
            QueueNames = shared.QueueNames,
            DivisionIds = shared.DivisionIds,
            MediaTypes = shared.MediaTypes,
            ByQueue = groupBy is [] || groupBy.Contains(ObservationsGrouping.Queue, StringComparer.Ordinal),
            ByMediaType = groupBy is [] || groupBy.Contains(ObservationsGrouping.MediaType, StringComparer.Ordinal),
            Format = format,
            ByteOrderMark = shared.ByteOrderMark,
            DenyPartial = shared.DenyPartial,
            MaxAge = shared.MaxAge,
        };
    }
}

/// <summary>The values of <c>groupBy</c>.</summary>
internal static class ObservationsGrouping
{
    public const string Queue = "queue";
    public const string MediaType = "mediaType";

    public static readonly string[] Names = [Queue, MediaType, "none"];
}
