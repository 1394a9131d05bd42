using System.ComponentModel;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Mvc;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// The raw parameters of GET /aggregates. Binding does not validate them, so that one response can report every invalid parameter with its value, in
/// every environment.
/// </summary>
internal sealed record AggregatesParameters
{
    [FromQuery(Name = "from")]
    [Description("Start of the interval, inclusive: an ISO-8601 instant with an offset or Z, a local date or date-time in timeZone, epoch seconds or milliseconds, or a time relative to now as in Grafana (now-24h, now-7d/d), which is rounded down to 5 minutes, or to the granularity. Without `to`, the interval ends now.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("End of the interval, exclusive, in the same formats as `from`. A relative time is rounded up: now/d is the end of today. An end in the future is replaced by the current time.")]
    public string? To { get; init; }

    [FromQuery(Name = "interval")]
    [Description("Instead of from and to: start/end, as in Genesys Cloud, each in the formats of `from` and `to`.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "last")]
    [Description("Instead of from and to: an ISO-8601 duration, or a number with a unit (24h, 7d, 30m), that ends now. The start is rounded down to 5 minutes, or to the granularity. Defaults to PT24H when no interval is given.")]
    public string? Last { get; init; }

    [FromQuery(Name = "period")]
    [Description("Instead of from and to: a calendar period in timeZone, in any letter case. Weeks start on Monday; today and this-… end now.")]
    public string? Period { get; init; }

    [FromQuery(Name = "timeZone")]
    [Description("Time zone for local times, calendar periods, and day, week and month buckets: an IANA name, a Windows name (India Standard Time) or a fixed offset (+05:30).")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "granularity")]
    [Description("Bucket size; other notations of the same size (30m, PT60M) are accepted. Without it, there is one bucket for the whole interval.")]
    public string? Granularity { get; init; }

    [FromQuery(Name = "queueId")]
    [Description("Only these queues, by id; repeat the parameter or separate ids by commas. At most 1000.")]
    public string[]? QueueId { get; init; }

    [FromQuery(Name = "queue")]
    [Description("Only these queues, by name or by a pattern with *; case and surrounding white space are ignored. Combined with queueId as \"or\". Repeat the parameter for more, at most 50.")]
    public string[]? Queue { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of these divisions; repeat the parameter or separate ids by commas.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "mediaType")]
    [Description("Only these media types; repeat the parameter or separate them by commas.")]
    public string[]? MediaType { get; init; }

    [FromQuery(Name = "direction")]
    [Description("Direction in which the contact began (Genesys dimension originatingDirection), case-insensitive. Both if absent.")]
    public string? Direction { get; init; }

    [FromQuery(Name = "groupBy")]
    [Description("Comma-separated subset of queueId, mediaType, divisionId, or none. Rows are rolled up over the other dimensions.")]
    public string[]? GroupBy { get; init; }

    [FromQuery(Name = "metric")]
    [Description("Adds the raw statistics of these Genesys metrics to each record; repeat the parameter or separate names by commas. At most 40.")]
    public string[]? Metric { get; init; }

    [FromQuery(Name = "fill")]
    [Description("zero: returns the full grid of queue × media type × bucket, including rows without data.")]
    public string? Fill { get; init; }

    [FromQuery(Name = "partial")]
    [Description("deny: fails the whole request if a part could not be fetched, instead of listing the part in meta.failedSlices.")]
    public string? Partial { get; init; }

    [FromQuery(Name = "maxAge")]
    [Description("Maximum age of data in seconds, 0–86400; older parts are fetched again. It can only shorten the default freshness, which depends on the age of the data.")]
    public string? MaxAge { get; init; }

    [FromQuery(Name = "explain")]
    [Description("true: returns the plan without calling Genesys: the slices, the exact upstream bodies, what is cached, and the number of calls it would take.")]
    public string? Explain { get; init; }

    /// <summary>Names of all parameters that GET /aggregates accepts.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "from", "to", "interval", "last", "period", "timeZone", "granularity", "queueId", "queue", "divisionId", "mediaType",
        "direction", "groupBy", "metric", "fill", "partial", "maxAge", "explain",
    ];

    /// <summary>Items of a list parameter, which may be repeated, comma-separated, or both. White space around items is removed.</summary>
    public static IReadOnlyList<string> Items(string[]? values) =>
        values is null ? [] : [.. values.SelectMany(value => (value ?? "").Split(',')).Select(item => item.Trim())];
}

/// <summary>
/// Describes the parameters of GET /aggregates in the OpenAPI document, from the same lists and limits that the validator uses. <c>last</c> has no
/// default here because its default applies only when no other interval parameter is given.
/// </summary>
internal static class AggregatesParameterMetadata
{
    public static IReadOnlyDictionary<string, ParameterMetadata> All { get; } = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["from"] = new("2026-11-01T00:00:00Z"),
        ["to"] = new("2026-11-02T00:00:00Z"),
        ["interval"] = new("2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"),
        ["last"] = new("P7D"),
        ["period"] = new("yesterday") { Values = CalendarPeriods.Names },
        ["timeZone"] = new("Europe/Berlin") { Default = DateTimeZone.Utc.Id },
        ["granularity"] = new("PT1H") { Values = AggregatesParametersValidator.GranularityNames },
        ["queueId"] = new("05f1c285-6777-4ccc-806f-8db085ae0793") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxQueueIds },
        ["queue"] = new("Billing*") { MaxItems = AggregatesParametersValidator.MaxQueueNames },
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid", MaxItems = AggregatesParametersValidator.MaxQueueIds },
        ["mediaType"] = new("voice") { Values = MediaTypes.Known, MaxItems = MediaTypes.Known.Count },
        ["direction"] = new("inbound") { Values = AggregatesParametersValidator.Directions },
        ["groupBy"] = new("mediaType")
        {
            Values = AggregatesParametersValidator.GroupingNames,
            MaxItems = AggregatesParametersValidator.GroupingNames.Length - 1, // none cannot be combined
            Default = string.Join(',', Groupings.Names(AggregatesQuery.DefaultGroupBy)),
        },
        ["metric"] = new("tNotResponding") { Values = MetricCatalog.Names, MaxItems = AggregatesParametersValidator.MaxMetrics },
        ["fill"] = new("zero") { Values = AggregatesParametersValidator.Fills, Default = AggregatesParametersValidator.Fills[0] },
        ["partial"] = new("deny") { Values = AggregatesParametersValidator.Partials, Default = AggregatesParametersValidator.Partials[0] },
        ["maxAge"] = new("60") { Range = (0, AggregatesParametersValidator.MaxAgeSeconds) },
        ["explain"] = new("true") { Values = AggregatesParametersValidator.Switches, Default = AggregatesParametersValidator.Switches[1] },
    };
}

/// <summary>Checks every parameter of a query. An error has the wire name, the value and what is accepted.</summary>
internal sealed class AggregatesParametersValidator : AbstractValidator<AggregatesParameters>
{
    public const int MaxQueueIds = 1000;
    public const int MaxQueueNames = 50;
    public const int MaxAgeSeconds = 86_400;

    /// <summary>All metrics: they are fetched in groups, so that many of them cost few Genesys requests.</summary>
    public static readonly int MaxMetrics = MetricCatalog.Names.Count;

    public static readonly string[] Directions = ["inbound", "outbound"];
    public static readonly string[] Fills = ["none", "zero"];
    public static readonly string[] Partials = ["allow", "deny"];
    public static readonly string[] Switches = ParameterMetadata.Switches;
    public static readonly string[] GranularityNames = [.. Granularity.All.Select(known => known.Iso)];
    public static readonly string[] GroupingNames = [.. Groupings.Known.Keys];

    private static readonly Synonyms DirectionWords = new(("inbound", "in incoming ib"), ("outbound", "out outgoing ob"));
    private static readonly Synonyms PartialWords = new(("allow", "true yes"), ("deny", "false no"));
    private static readonly Synonyms SwitchWords = new(("true", "yes on 1"), ("false", "no off 0"));
    private static readonly Synonyms GroupingWords = new(
        ("queueId", "queue queues queueIds queueName"), ("mediaType", "media mediaTypes channel channels"), ("divisionId", "division divisions divisionIds divisionName"));

    public AggregatesParametersValidator()
    {
        RuleFor(parameters => parameters.Granularity).Must("granularity", value =>
            DurationText.AsGranularity(value) is null ? DurationText.GranularityMessage(value, GranularityNames) : null);
        RuleFor(parameters => parameters.Direction).Must("direction", OneOf("a direction", Directions, DirectionWords, StringComparer.OrdinalIgnoreCase));
        RuleFor(parameters => parameters.Fill).Must("fill", OneOf("a way to fill", Fills));
        RuleFor(parameters => parameters.Explain).Must("explain", OneOf("accepted", Switches, SwitchWords));
        RuleFor(parameters => parameters.Partial).Must("partial", OneOf("accepted", Partials, PartialWords));
        RuleFor(parameters => parameters.MaxAge).Must("maxAge", Number("a number of seconds", 0, MaxAgeSeconds));

        ListOf("queueId", parameters => parameters.QueueId, MaxQueueIds, Is(IsGuid, "is not a queue id (a GUID)."), " Ask by name pattern (queue=Billing*) or by divisionId instead, or for every queue by neither.");
        ListOf("divisionId", parameters => parameters.DivisionId, MaxQueueIds, Is(IsGuid, "is not a division id (a GUID)."));
        ListOf("mediaType", parameters => parameters.MediaType, MediaTypes.Known.Count, OneOf("a media type", MediaTypes.Known, MediaTypes.Synonyms, StringComparer.OrdinalIgnoreCase));
        ListOf("metric", parameters => parameters.Metric, MaxMetrics, metric => MetricCatalog.Knows(metric) ? null : MetricSynonyms.Message(metric));
        ListOf("groupBy", parameters => parameters.GroupBy, GroupingNames.Length, OneOf("something rows are grouped by", GroupingNames, GroupingWords));
        RuleFor(parameters => string.Join(',', Items(parameters.GroupBy))).Must("groupBy", Is(
            groupings => groupings == "none" || !groupings.Split(',').Contains("none"),
            "says none and something else: give none alone, or a subset of queueId, mediaType, divisionId."));

        RuleFor(parameters => parameters.Queue).Must(names => names is not { Length: > MaxQueueNames })
            .WithMessage(parameters => $"{parameters.Queue!.Length} names are too many: at most {MaxQueueNames}; a pattern with * stands for many queues, divisionId for all queues of a division, and neither of them for every queue.")
            .OverridePropertyName("queue");
        // A name can also consist of characters that are not visible.
        RuleFor(parameters => (parameters.Queue ?? Array.Empty<string>()).Select(name => name ?? "").FirstOrDefault(name => QueueNameComparison.Folded(name).Length == 0))
            .Must("queue", Is(_ => false, "is not a queue name: give an exact name, or a pattern with *."));

        RuleFor(parameters => parameters.TimeZone).Must("timeZone", value => TimeZones.Find(value) is null ? TimeZoneHints.Message(value) : null);

        // One rule for four parameters: they exclude each other, and parsing them finds the errors.
        RuleFor(parameters => parameters).Custom((parameters, context) =>
        {
            // Without the zone the boundaries of buckets are unknown, so only the interval itself is checked.
            var zone = AggregatesQuery.ZoneOf(parameters.TimeZone);
            var granularity = zone is null || parameters.Granularity is null ? null : DurationText.AsGranularity(parameters.Granularity);
            QueryInterval.Resolve(
                parameters, zone ?? DateTimeZone.Utc, granularity, (Instant)context.RootContextData["now"],
                (name, message) => context.AddFailure(new ValidationFailure(name, message)));
        });
    }

    /// <summary>The errors by wire name; empty if all parameters are valid.</summary>
    public IReadOnlyDictionary<string, string[]> Find(AggregatesParameters parameters, Instant now) =>
        Validate(new ValidationContext<AggregatesParameters>(parameters) { RootContextData = { ["now"] = now } }).ByName();

    private static bool IsGuid(string id) => Guid.TryParseExact(id, "D", out _);

    private static IEnumerable<string> Items(string[]? values) => AggregatesParameters.Items(values).Distinct(StringComparer.Ordinal);

    private void ListOf(string name, Func<AggregatesParameters, string[]?> values, int most, Func<string, string?> check, string instead = "")
    {
        RuleFor(parameters => Items(values(parameters)).Count()).LessThanOrEqualTo(most)
            .WithMessage((_, count) => $"{count} values are too many: at most {most}.{instead}")
            .OverridePropertyName(name);
        this.MustEach(name, parameters => Items(values(parameters)), check);
    }
}
