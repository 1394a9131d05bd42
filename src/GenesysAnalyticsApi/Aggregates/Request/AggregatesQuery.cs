using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>A validated query, as GET /aggregates processes it.</summary>
internal sealed record AggregatesQuery
{
    public const Grouping DefaultGroupBy = Grouping.Queue | Grouping.MediaType;

    public required QueryInterval Interval { get; init; }

    /// <summary>The current time of this query. Every time-dependent decision uses it.</summary>
    public required Instant Now { get; init; }

    public required DateTimeZone Zone { get; init; }

    /// <summary>Null for one bucket over the whole interval.</summary>
    public Granularity? Granularity { get; init; }

    public ImmutableArray<string> QueueIds { get; init; } = [];

    /// <summary>Queue names and patterns, not yet resolved.</summary>
    public ImmutableArray<string> QueueNames { get; init; } = [];

    public ImmutableArray<string> DivisionIds { get; init; } = [];

    /// <summary>Empty for all.</summary>
    public ImmutableArray<string> MediaTypes { get; init; } = [];

    public string? Direction { get; init; }

    public Grouping GroupBy { get; init; } = DefaultGroupBy;

    /// <summary>Metrics whose raw statistics the response includes, distinct and in the requested order.</summary>
    public ImmutableArray<string> Metrics { get; init; } = [];

    public bool FillZero { get; init; }

    public bool DenyPartial { get; init; }

    /// <summary>Maximum age of a slice before it is fetched again. Null uses the freshness rules.</summary>
    public Duration? MaxAge { get; init; }

    /// <summary>Return the plan without running it.</summary>
    public bool Explain { get; init; }

    /// <summary>Creates the query from parameters that passed validation.</summary>
    public static AggregatesQuery From(AggregatesParameters parameters, Instant now)
    {
        var zone = ZoneOf(parameters.TimeZone)!;
        var granularity = parameters.Granularity is null ? null : DurationText.AsGranularity(parameters.Granularity);
        return new AggregatesQuery
        {
            Interval = QueryInterval.Resolve(parameters, zone, granularity, now, RequireValid)!.Value,
            Now = now,
            Zone = zone,
            Granularity = granularity,
            QueueIds = [.. AggregatesParameters.Items(parameters.QueueId).Select(id => id.ToLowerInvariant()).Distinct()],
            QueueNames = [.. (parameters.Queue ?? []).Distinct(StringComparer.Ordinal)],
            DivisionIds = [.. AggregatesParameters.Items(parameters.DivisionId).Distinct(StringComparer.OrdinalIgnoreCase)],
            MediaTypes = [.. AggregatesParameters.Items(parameters.MediaType).Select(type => type.ToLowerInvariant()).Distinct()],
            Direction = parameters.Direction?.ToLowerInvariant(),
            GroupBy = parameters.GroupBy is null or []
                ? DefaultGroupBy
                : AggregatesParameters.Items(parameters.GroupBy).Aggregate(Grouping.None, (all, name) => all | Groupings.Known[name]),
            Metrics = [.. AggregatesParameters.Items(parameters.Metric).Distinct(StringComparer.Ordinal)],
            FillZero = parameters.Fill == "zero",
            DenyPartial = parameters.Partial == "deny",
            MaxAge = parameters.MaxAge is null ? null : Duration.FromSeconds(int.Parse(parameters.MaxAge, CultureInfo.InvariantCulture)),
            Explain = parameters.Explain == "true",
        };
    }

    /// <summary>Returns UTC for null, and null for an unknown name.</summary>
    public static DateTimeZone? ZoneOf(string? name) => name is null ? DateTimeZone.Utc : TimeZones.Find(name);

    private static void RequireValid(string name, string message) =>
        throw new InvalidOperationException($"The validator accepted an invalid '{name}': {message}");
}

/// <summary>The dimensions that rows are grouped by.</summary>
[Flags]
internal enum Grouping
{
    None = 0,
    Queue = 1,
    MediaType = 2,
    Division = 4,
}

internal static class Groupings
{
    /// <summary>Wire names, in the order in which responses list them.</summary>
    public static IReadOnlyDictionary<string, Grouping> Known { get; } = new Dictionary<string, Grouping>(StringComparer.Ordinal)
    {
        ["queueId"] = Grouping.Queue,
        ["mediaType"] = Grouping.MediaType,
        ["divisionId"] = Grouping.Division,
        ["none"] = Grouping.None,
    };

    public static IReadOnlyList<string> Names(Grouping grouping) =>
        [.. Known.Where(known => known.Value != Grouping.None && grouping.HasFlag(known.Value)).Select(known => known.Key)];
}
