using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Time;
using NodaTime;
using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>A question that makes sense: what GET /aggregates works with once every parameter has been looked at.</summary>
internal sealed record AggregatesQuery
{
    public const Grouping DefaultGroupBy = Grouping.Queue | Grouping.MediaType;

    public required QueryInterval Interval { get; init; }

    /// <summary>The one now of this question: everything that depends on the time is decided with it.</summary>
    public required Instant Now { get; init; }

    public required DateTimeZone Zone { get; init; }

    /// <summary>Null: one bucket for the whole interval.</summary>
    public Granularity? Granularity { get; init; }

    public ImmutableArray<string> QueueIds { get; init; } = [];

    /// <summary>Queue names and patterns, not resolved yet.</summary>
    public ImmutableArray<string> QueueNames { get; init; } = [];

    public ImmutableArray<string> DivisionIds { get; init; } = [];

    /// <summary>Empty: all.</summary>
    public ImmutableArray<string> MediaTypes { get; init; } = [];

    public string? Direction { get; init; }

    public Grouping GroupBy { get; init; } = DefaultGroupBy;

    /// <summary>Metrics whose raw statistics are asked for as well, in the order asked, without repeats.</summary>
    public ImmutableArray<string> Metrics { get; init; } = [];

    public bool FillZero { get; init; }

    public bool DenyPartial { get; init; }

    /// <summary>A slice fetched longer ago is fetched again; null leaves it to the age of the data.</summary>
    public Duration? MaxAge { get; init; }

    /// <summary>Show the plan instead of carrying it out.</summary>
    public bool Explain { get; init; }

    /// <summary>The question in parameters that the validator has found right.</summary>
    public static AggregatesQuery From(AggregatesParameters asked, Instant now)
    {
        var zone = ZoneOf(asked.TimeZone)!;
        var granularity = asked.Granularity is null ? null : Granularity.Find(asked.Granularity);
        return new AggregatesQuery
        {
            Interval = QueryInterval.Resolve(asked, zone, granularity, now, RequireValid)!.Value,
            Now = now,
            Zone = zone,
            Granularity = granularity,
            QueueIds = [.. AggregatesParameters.Items(asked.QueueId).Select(id => id.ToLowerInvariant()).Distinct()],
            QueueNames = [.. (asked.Queue ?? []).Distinct(StringComparer.Ordinal)],
            DivisionIds = [.. AggregatesParameters.Items(asked.DivisionId).Distinct(StringComparer.OrdinalIgnoreCase)],
            MediaTypes = [.. AggregatesParameters.Items(asked.MediaType).Select(type => type.ToLowerInvariant()).Distinct()],
            Direction = asked.Direction?.ToLowerInvariant(),
            GroupBy = asked.GroupBy is null or []
                ? DefaultGroupBy
                : AggregatesParameters.Items(asked.GroupBy).Aggregate(Grouping.None, (all, name) => all | Groupings.Known[name]),
            Metrics = [.. AggregatesParameters.Items(asked.Metric).Distinct(StringComparer.Ordinal)],
            FillZero = asked.Fill == "zero",
            DenyPartial = asked.Partial == "deny",
            MaxAge = asked.MaxAge is null ? null : Duration.FromSeconds(int.Parse(asked.MaxAge, CultureInfo.InvariantCulture)),
            Explain = asked.Explain == "true",
        };
    }

    /// <summary>An IANA zone, UTC when none is named, null for a name that is none.</summary>
    public static DateTimeZone? ZoneOf(string? name) =>
        name is null ? DateTimeZone.Utc
        : TzdbDateTimeZoneSource.Default.CanonicalIdMap.ContainsKey(name) ? DateTimeZoneProviders.Tzdb[name]
        : null;

    private static void RequireValid(string name, string message) =>
        throw new InvalidOperationException($"The validator let '{name}' through: {message}");
}

/// <summary>What rows are kept apart by.</summary>
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
    /// <summary>Wire names, in the order in which answers name them.</summary>
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
