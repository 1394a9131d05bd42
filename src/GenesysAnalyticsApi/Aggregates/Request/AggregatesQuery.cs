using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>A validated query for figures.</summary>
internal sealed record AggregatesQuery
{
    public const Grouping DefaultGroupBy = Grouping.Queue | Grouping.MediaType;

    public required QueryInterval Interval { get; init; }

    /// <summary>The instant that the query uses as the current time, for example to decide which buckets are still open.</summary>
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

    /// <summary>In lower case; empty for all interactions, with or without a message type.</summary>
    public ImmutableArray<string> MessageTypes { get; init; } = [];

    /// <summary>
    /// The ids of the selected agents, including ids resolved from names, except <see cref="HiddenUserIds"/>. A query with neither ids nor names does not
    /// filter by agent.
    /// </summary>
    public ImmutableArray<string> UserIds { get; init; } = [];

    /// <summary>Names and patterns of agents.</summary>
    public ImmutableArray<string> UserNames { get; init; } = [];

    /// <summary>The ids resolved from names, if the caller may know only the agents of its queues. The response does not list them.</summary>
    public ImmutableArray<string> HiddenUserIds { get; init; } = [];

    /// <summary>Whether the query is about agents and its caller may know only the agents that have figures in the caller's queues.</summary>
    public bool IsLimitedToQueues { get; init; }

    /// <summary>Empty for all interactions, with or without a wrap-up code.</summary>
    public ImmutableArray<string> WrapUpCodes { get; init; } = [];

    public bool HasUserFilter => UserIds.Length > 0 || UserNames.Length > 0;

    /// <summary>Whether the response has figures of individual agents, for which the caller needs a scope.</summary>
    public bool IsAboutAgents => HasUserFilter || GroupBy.HasFlag(Grouping.User);

    public string? Direction { get; init; }

    public Grouping GroupBy { get; init; } = DefaultGroupBy;

    /// <summary>The dimensions by which the slices of the query are split: the dimensions of its grouping, and of its filters except direction.</summary>
    public Dimensions Dimensions => Groupings.DimensionsOf(GroupBy)
        | If(!MessageTypes.IsEmpty, Dimensions.MessageType) | If(HasUserFilter, Dimensions.User) | If(!WrapUpCodes.IsEmpty, Dimensions.WrapUpCode);

    /// <summary>Metrics whose raw statistics the response includes, distinct and in the requested order.</summary>
    public ImmutableArray<string> Metrics { get; init; } = [];

    /// <summary>
    /// The metrics of the response that are null because Genesys does not attribute them to a dimension by which the query groups or, if the query filters by
    /// agent or wrap-up code, to agent sessions.
    /// </summary>
    public IReadOnlyList<string> UnattributedMetrics => (Groupings.DimensionsOf(GroupBy) | (Dimensions & Dimensions.OfAgentSessions)) is var split && split == Dimensions.None
        ? []
        : [.. ShownMetrics.Where(metric => (split & ~GenesysMetrics.DimensionsOf(metric)) != Dimensions.None)];

    /// <summary>The caller's own service level threshold in milliseconds; null if the caller set no threshold.</summary>
    public int? ServiceLevelThresholdMs { get; init; }

    /// <summary>The metrics and views from which the figures of the response are computed.</summary>
    public IEnumerable<string> ShownMetrics =>
        [.. GenesysMetrics.StandardGroup.Metrics, .. Metrics, .. ServiceLevelThresholdMs is null ? Array.Empty<string>() : [AnsweredWithin.Column]];

    /// <summary>The metric groups that the query needs, with the metrics that have values in its dimensions; the standard group is the first.</summary>
    public IEnumerable<MetricGroup> MetricGroups =>
        [
            .. Metrics.Select(GenesysMetrics.GroupFor).Prepend(GenesysMetrics.StandardGroup).Distinct().Select(group => GenesysMetrics.PartWithValues(group, Dimensions)).OfType<MetricGroup>(),
            .. ServiceLevelThresholdMs is { } threshold ? [AnsweredWithin.GroupOf(threshold)] : Array.Empty<MetricGroup>(),
        ];

    public bool FillZero { get; init; }

    /// <summary>The local hours and weekdays that the query includes; null for all time.</summary>
    public LocalTimeFilter? LocalTime { get; init; }

    /// <summary>Whether the response contains one record over all rows.</summary>
    public bool Totals { get; init; }

    /// <summary>The interval with which each record is compared; null for none.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>Empty for the default order.</summary>
    public ImmutableArray<SortField> Sort { get; init; } = [];

    /// <summary>The number of records to return after sorting; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The parameters of this query that need all records at once and therefore exclude a streamed response.</summary>
    public IEnumerable<string> NotStreamable =>
        [.. Sort.IsEmpty ? Array.Empty<string>() : ["sort"], .. Totals ? ["totals"] : Array.Empty<string>(), .. Limit is null ? Array.Empty<string>() : ["limit"], .. Comparison is null ? Array.Empty<string>() : ["compare"]];

    public ResponseFormat Format { get; init; } = ResponseFormat.Json;

    /// <summary>
    /// Whether the response can be read in segments of time: its format allows segments, the query has a granularity and includes all hours and weekdays, and
    /// no parameter needs all records at once.
    /// </summary>
    public bool IsSegmented => Format.IsSegmented && Granularity is not null && LocalTime is null && !NotStreamable.Any();

    /// <summary>Whether a CSV body starts with a byte order mark.</summary>
    public bool ByteOrderMark { get; init; }

    public bool DenyPartial { get; init; }

    /// <summary>Maximum age of a slice before it is fetched again; null if only its freshness decides.</summary>
    public Duration? MaxAge { get; init; }

    /// <summary>
    /// When the job of this query was created. Data fetched since then is new enough, and the limits for the Genesys requests of one query do not apply.
    /// Null for a query without a job.
    /// </summary>
    public Instant? JobCreatedAt { get; init; }

    /// <summary>Whether to return the plan without running it.</summary>
    public bool Explain { get; init; }

    /// <summary>Creates the query from parameters that have passed validation.</summary>
    public static AggregatesQuery From(AggregatesParameters parameters, Instant now, ResponseFormat format)
    {
        var zone = ZoneOf(parameters.TimeZone)!;
        var granularity = parameters.Granularity is null ? null : DurationParser.AsGranularity(parameters.Granularity);
        var interval = QueryInterval.Resolve(parameters, zone, granularity, now, RequireValid)!.Value;
        return new AggregatesQuery
        {
            Interval = interval,
            Now = now,
            Zone = zone,
            Granularity = granularity,
            QueueIds = [.. ParameterRules.Items(parameters.QueueId).Select(id => id.ToLowerInvariant()).Distinct()],
            QueueNames = [.. (parameters.Queue ?? []).Distinct(StringComparer.Ordinal)],
            DivisionIds = [.. ParameterRules.Items(parameters.DivisionId).Distinct(StringComparer.OrdinalIgnoreCase)],
            MediaTypes = Sorted(parameters.MediaType),
            MessageTypes = Sorted(parameters.MessageType),
            UserIds = Sorted(parameters.UserId),
            UserNames = [.. (parameters.User ?? []).Distinct(StringComparer.Ordinal)],
            // Not converted to lower case: Genesys' own codes are not ids, but words in capital letters.
            WrapUpCodes = [.. ParameterRules.Items(parameters.WrapUpCode).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)],
            Direction = parameters.Direction?.ToLowerInvariant(),
            GroupBy = parameters.GroupBy is null or []
                ? DefaultGroupBy
                : ParameterRules.Items(parameters.GroupBy).Aggregate(Grouping.None, (all, name) => all | Groupings.Known[name]),
            Metrics = [.. ParameterRules.Items(parameters.Metric).Distinct(StringComparer.Ordinal)],
            ServiceLevelThresholdMs = parameters.ServiceLevelThresholdMs is null ? null : int.Parse(parameters.ServiceLevelThresholdMs, CultureInfo.InvariantCulture),
            FillZero = parameters.Fill == "zero",
            Format = format,
            ByteOrderMark = parameters.Bom == "true",
            LocalTime = ShapingRules.LocalTimeOf(parameters),
            Totals = parameters.Totals == "true",
            Comparison = parameters.Compare is { } compare
                ? Comparison.Resolve(compare, parameters.Period, interval, zone, granularity, message => RequireValid("compare", message))
                : null,
            Sort = [.. ParameterRules.Items(parameters.Sort).Select(SortField.Parse)],
            Limit = parameters.Limit is null ? null : int.Parse(parameters.Limit, CultureInfo.InvariantCulture),
            DenyPartial = parameters.Partial is { } partial ? partial == "deny" : !format.HasMeta,
            MaxAge = parameters.MaxAge is null ? null : Duration.FromSeconds(int.Parse(parameters.MaxAge, CultureInfo.InvariantCulture)),
            Explain = parameters.Explain == "true",
        };
    }

    /// <summary>
    /// Creates the query of a job. The caller chooses the format of the result later. Until then, the query has the limits of a format that is read in
    /// segments, and allows partial results by default.
    /// </summary>
    public static AggregatesQuery OfJob(AggregatesParameters parameters, Instant createdAt) =>
        From(parameters with { Format = null, Bom = null }, createdAt, ResponseFormat.Ndjson) with { JobCreatedAt = createdAt };

    private static Dimensions If(bool condition, Dimensions dimension) => condition ? dimension : Dimensions.None;

    /// <summary>Returns the items in lower case and sorted, so that equal filters give equal responses.</summary>
    private static ImmutableArray<string> Sorted(string[]? values) =>
        [.. ParameterRules.Items(values).Select(value => value.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns UTC for null, and null for an unknown name.</summary>
    public static DateTimeZone? ZoneOf(string? name) => name is null ? DateTimeZone.Utc : TimeZones.Find(name);

    private static void RequireValid(string name, string message) =>
        throw new InvalidOperationException($"The validator accepted an invalid '{name}': {message}");
}

/// <summary>The dimensions by which rows are grouped.</summary>
[Flags]
internal enum Grouping
{
    None = 0,
    Queue = 1,
    MediaType = 2,
    Division = 4,
    MessageType = 8,
    Direction = 16,
    User = 32,
    WrapUpCode = 64,
}

internal static class Groupings
{
    /// <summary>Wire names, in the order in which responses list them.</summary>
    public static IReadOnlyDictionary<string, Grouping> Known { get; } = new Dictionary<string, Grouping>(StringComparer.Ordinal)
    {
        ["queueId"] = Grouping.Queue,
        ["mediaType"] = Grouping.MediaType,
        ["divisionId"] = Grouping.Division,
        ["messageType"] = Grouping.MessageType,
        ["direction"] = Grouping.Direction,
        ["userId"] = Grouping.User,
        ["wrapUpCode"] = Grouping.WrapUpCode,
        ["none"] = Grouping.None,
    };

    private static readonly (Grouping Flag, Dimensions Dimension)[] Splitting = [.. Dimension.All.Select(dimension => (Known[dimension.Name], dimension.Flag))];

    /// <summary>The names that can be combined, for messages.</summary>
    public static string Combinable { get; } = string.Join(", ", Known.Keys.Where(name => name != "none"));

    /// <summary>The dimensions of a grouping by which Genesys splits figures only on request.</summary>
    public static Dimensions DimensionsOf(Grouping grouping)
    {
        var set = Dimensions.None;
        foreach (var (flag, dimension) in Splitting)
        {
            set |= grouping.HasFlag(flag) ? dimension : Dimensions.None;
        }

        return set;
    }

    public static IReadOnlyList<string> Names(Grouping grouping) =>
        [.. Known.Where(known => known.Value != Grouping.None && grouping.HasFlag(known.Value)).Select(known => known.Key)];
}
