using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Observations.Request;

/// <summary>A validated query for the current state of queues.</summary>
internal sealed record ObservationsQuery
{
    public ImmutableArray<string> QueueIds { get; init; } = [];

    /// <summary>Names and patterns that have not been resolved to ids yet.</summary>
    public ImmutableArray<string> QueueNames { get; init; } = [];

    public ImmutableArray<string> DivisionIds { get; init; } = [];

    /// <summary>The media types in lower case, sorted; empty for all media types.</summary>
    public ImmutableArray<string> MediaTypes { get; init; } = [];

    /// <summary>Whether each queue has its own records.</summary>
    public bool ByQueue { get; init; } = true;

    /// <summary>Whether each media type has its own records.</summary>
    public bool ByMediaType { get; init; } = true;

    public ResponseFormat Format { get; init; } = ResponseFormat.Json;

    /// <summary>Whether a CSV body starts with a byte order mark.</summary>
    public bool ByteOrderMark { get; init; }

    public bool DenyPartial { get; init; }

    /// <summary>The maximum age that the caller accepts; null if only the setting <c>Observations:MaxAge</c> applies.</summary>
    public Duration? MaxAge { get; init; }

    public IReadOnlyList<string> GroupBy => [.. ByQueue ? [ObservationsGrouping.Queue] : Array.Empty<string>(), .. ByMediaType ? [ObservationsGrouping.MediaType] : Array.Empty<string>()];

    /// <summary>Creates the query from parameters that passed validation.</summary>
    public static ObservationsQuery Of(ObservationsParameters parameters, Instant now, ResponseFormat format)
    {
        var shared = AggregatesQuery.From(parameters.Shared, now, format);
        var groupBy = ParameterRules.Items(parameters.GroupBy);
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
