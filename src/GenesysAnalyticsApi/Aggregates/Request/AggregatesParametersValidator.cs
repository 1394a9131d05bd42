using System.Collections.Immutable;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>Checks every parameter of a query. An error contains the wire name, the value and what is accepted.</summary>
internal sealed class AggregatesParametersValidator : AbstractValidator<AggregatesParameters>
{
    public const int MaxIds = 1000;
    public const int MaxNames = 50;
    public const int MaxMessageTypes = 50;
    public const int MaxWrapUpCodes = 200;
    public const int MaxAgeSeconds = 86_400;

    /// <summary>A query can request all metrics: the service fetches metrics in groups, so many metrics need few Genesys requests.</summary>
    public static readonly int MaxMetrics = GenesysMetrics.Names.Count;

    public static readonly string[] Directions = ["inbound", "outbound"];
    public static readonly string[] Fills = ["none", "zero"];
    public static readonly string[] Partials = ["allow", "deny"];
    public static readonly string[] GranularityNames = [.. Granularity.All.Select(known => known.Iso)];
    public static readonly string[] GroupingNames = [.. Groupings.Known.Keys];

    private static readonly Synonyms DirectionSynonyms = new(("inbound", "in incoming ib"), ("outbound", "out outgoing ob"));
    private static readonly Synonyms PartialSynonyms = new(("allow", "true yes"), ("deny", "false no"));
    private static readonly Synonyms FormatSynonyms = new(
        ("ndjson", "jsonl jsonLines"), ("xlsx", "excel xls workbook"), ("table", "text txt plain"), ("openmetrics", "prometheus metrics"), ("parquet", "arrow"));
    private static readonly Synonyms GroupingSynonyms = new(
        ("queueId", "queue queues queueIds queueName"), ("mediaType", "media mediaTypes channel channels"), ("divisionId", "division divisions divisionIds divisionName"),
        ("messageType", "message messages messageTypes messaging messagingPlatform platform network"), ("direction", "directions originatingDirection callDirection"),
        ("userId", "user users userIds userName agent agents agentId agentName"), ("wrapUpCode", "wrapUp wrapUps wrapUpCodes wrapUpCodeId wrapUpCodeName wrapup disposition dispositions"));

    /// <param name="sortable">The record fields that <c>sort</c> accepts. This room cannot import them, because a higher room defines them.</param>
    public AggregatesParametersValidator(IReadOnlyList<string> sortable)
    {
        RuleFor(parameters => parameters.Granularity).Must("granularity", value =>
            DurationParser.AsGranularity(value) is null ? DurationParser.GranularityMessage(value, GranularityNames) : null);
        RuleFor(parameters => parameters.Direction).Must("direction", OneOf("a direction", Directions, DirectionSynonyms, StringComparer.OrdinalIgnoreCase));
        RuleFor(parameters => parameters.ServiceLevelThresholdMs).Must("serviceLevelThresholdMs", ServiceLevelThresholdRule.Check);
        RuleFor(parameters => parameters.Fill).Must("fill", OneOf("a fill mode", Fills));
        RuleFor(parameters => parameters.Explain).Must("explain", Switch);
        RuleFor(parameters => parameters.Format).Must("format", OneOf("a format", ResponseFormat.Names, FormatSynonyms));
        RuleFor(parameters => parameters.Bom).Must("bom", Switch);
        RuleFor(parameters => parameters).Custom((parameters, context) => FormatRules.Check(parameters, context, (ResponseFormat?)context.RootContextData["format"]));
        RuleFor(parameters => parameters.Partial).Must("partial", OneOf("valid", Partials, PartialSynonyms));
        RuleFor(parameters => parameters.MaxAge).Must("maxAge", Number(0, MaxAgeSeconds, "seconds"));

        ListOf("queueId", parameters => parameters.QueueId, MaxIds, Is(IsGuid, "is not a queue id (a GUID)."), QueueIdHint);
        ListOf("divisionId", parameters => parameters.DivisionId, MaxIds, Is(IsGuid, "is not a division id (a GUID)."));
        ListOf("mediaType", parameters => parameters.MediaType, MediaTypes.Known.Count, OneOf("a media type", MediaTypes.Known, MediaTypes.Synonyms, StringComparer.OrdinalIgnoreCase));
        ListOf("messageType", parameters => parameters.MessageType, MaxMessageTypes, Is(IsWord, "is not a message type: use one word, such as webmessaging, whatsapp or sms."));
        ListOf("userId", parameters => parameters.UserId, MaxIds, Is(IsGuid, "is not a user id (a GUID)."), UserIdHint);
        ListOf("wrapUpCode", parameters => parameters.WrapUpCode, MaxWrapUpCodes, Is(IsCode, "is not a wrap-up code. Give an id from GET /wrapup-codes, or one of Genesys' own codes, such as ININ-WRAP-UP-TIMEOUT."));
        ListOf("metric", parameters => parameters.Metric, MaxMetrics, metric => GenesysMetrics.Knows(metric) ? null : MetricSynonyms.Message(metric));
        ListOf("groupBy", parameters => parameters.GroupBy, GroupingNames.Length, OneOf("a dimension to group by", GroupingNames, GroupingSynonyms));
        this.MustNotCombineNone(parameters => Items(parameters.GroupBy), $"other values: give 'none' alone, or a subset of {Groupings.Combinable}.");

        NamesOf("queue", parameters => parameters.Queue, "a queue name", accepted => accepted.Contains("divisionId", StringComparer.Ordinal)
            ? "use a pattern with * for several queues, divisionId for all queues of a division, or omit these parameters to query every queue."
            : "use a pattern with * for several queues.");
        NamesOf("user", parameters => parameters.User, "a user name", _ => "use a pattern with * for several agents.");

        RuleFor(parameters => parameters.TimeZone).Must("timeZone", value => TimeZones.Find(value) is null ? TimeZoneHints.Message(value) : null);

        this.AddShapingRules(sortable);

        // One rule checks all parameters of the interval together, because some of them exclude others. Resolving the interval finds the errors.
        RuleFor(parameters => parameters).Custom((parameters, context) =>
        {
            // Without a valid zone, the boundaries of buckets are unknown, so only the interval itself is checked.
            var zone = AggregatesQuery.ZoneOf(parameters.TimeZone);
            var granularity = zone is null || parameters.Granularity is null ? null : DurationParser.AsGranularity(parameters.Granularity);
            QueryInterval.Resolve(
                parameters, zone ?? DateTimeZone.Utc, granularity, (Instant)context.RootContextData["now"],
                (name, message) => context.AddFailure(new ValidationFailure(name, message)), AcceptedIn(context));
        });
    }

    /// <summary>The errors by wire name; empty if all parameters are valid.</summary>
    /// <param name="format">The format of the response; null if <c>format</c> is unknown.</param>
    /// <param name="accepted">
    /// The names of the parameters that the endpoint has, so that an error never suggests another one. Null for all parameters of GET /aggregates.
    /// </param>
    public IReadOnlyDictionary<string, string[]> ErrorsOf(AggregatesParameters parameters, Instant now, ResponseFormat? format, IReadOnlyList<string>? accepted = null) =>
        Validate(new ValidationContext<AggregatesParameters>(parameters)
        {
            RootContextData = { ["now"] = now, ["format"] = format, ["accepted"] = accepted ?? AggregatesParameters.Names },
        }).ByName();

    private static IReadOnlyList<string> AcceptedIn(IValidationContext context) => (IReadOnlyList<string>)context.RootContextData["accepted"];

    private static (string IfInvalid, string IfTooMany) QueueIdHint(IReadOnlyList<string> accepted)
    {
        string[] others = [.. accepted.Contains("queue", StringComparer.Ordinal) ? ["a name pattern (queue=Billing*)"] : Array.Empty<string>(), .. accepted.Where(name => name == "divisionId")];
        return (
            accepted.Contains("queue", StringComparer.Ordinal) ? " Select queues by name with queue=Billing*." : "",
            others is [] ? "" : $" Use {string.Join(" or ", others)} instead, or omit all of them to query every queue.");
    }

    private static (string IfInvalid, string IfTooMany) UserIdHint(IReadOnlyList<string> accepted) => accepted.Contains("user", StringComparer.Ordinal)
        ? (" Select agents by name with user=Anna*.", " Use a name pattern (user=Anna*) instead, or omit both to query every agent.")
        : ("", "");

    // Genesys publishes no list of message types, and might add a type at any time.
    private static bool IsWord(string type) => type.Length is > 0 and <= 64 && type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    // Most codes are ids, but Genesys' own codes are words such as ININ-WRAP-UP-TIMEOUT.
    private static bool IsCode(string code) => code.Length is > 0 and <= 100 && !code.Any(char.IsControl);

    private static bool IsGuid(string id) => Guid.TryParseExact(id, "D", out _);

    private static IEnumerable<string> Items(string[]? values) => ParameterRules.Items(values).Distinct(StringComparer.Ordinal);

    private void NamesOf(string name, Func<AggregatesParameters, string[]?> values, string what, Func<IReadOnlyList<string>, string> remedy)
    {
        this.Check(name, (parameters, context) => values(parameters) is { Length: > MaxNames } given
            ? [$"{given.Length} names are too many: at most {MaxNames}; {remedy(AcceptedIn(context))}"]
            : []);
        // A name that consists only of invisible characters is empty too.
        this.Check(name, parameters => (values(parameters) ?? []).Where(text => NameFolding.Folded(text ?? "").Length == 0).Take(1)
            .Select(text => $"'{InputExcerpt.Of(text ?? "")}' is not {what}: give an exact name, or a pattern with *."));
    }

    /// <param name="hint">Returns the ends of both errors, in which only accepted parameters are suggested.</param>
    private void ListOf(
        string name, Func<AggregatesParameters, string[]?> values, int max, Func<string, string?> check, Func<IReadOnlyList<string>, (string IfInvalid, string IfTooMany)>? hint = null)
    {
        this.Check(name, (parameters, context) => Items(values(parameters)).Count() is var given && given > max
            ? [$"{given} values are too many: at most {max}.{hint?.Invoke(AcceptedIn(context)).IfTooMany}"]
            : []);
        this.MustEach(name, parameters => Items(values(parameters)), check, context => hint?.Invoke(AcceptedIn(context)).IfInvalid ?? "");
    }
}

/// <summary>The rules for the parameters that shape a response: the included local time, totals, comparison, order and number of records.</summary>
internal static class ShapingRules
{
    public const int MaxLimit = 100_000;
    public const int MaxHours = 24;
    public const int MaxSortFields = 10;

    private static readonly Synonyms CompareSynonyms = new(
        ("previous", "prev before previousPeriod lastPeriod priorPeriod true"), ("previous-week", "week wow lastWeek priorWeek weekOverWeek"),
        ("previous-year", "year yoy lastYear priorYear yearOverYear"));

    public static void AddShapingRules(this AbstractValidator<AggregatesParameters> validator, IReadOnlyList<string> sortable)
    {
        validator.RuleFor(parameters => parameters.Totals).Must("totals", Switch);
        validator.RuleFor(parameters => parameters.Compare).Must("compare", OneOf("a comparison", Comparison.Names, CompareSynonyms));
        validator.RuleFor(parameters => parameters.Limit).Must("limit", Number(1, MaxLimit, "records"));
        validator.AtMost("hours", parameters => ParameterRules.Items(parameters.Hours).Count, MaxHours);
        validator.AtMost("weekdays", parameters => ParameterRules.Items(parameters.Weekdays).Count, Weekdays.Names.Count);
        validator.AtMost("sort", parameters => ParameterRules.Items(parameters.Sort).Count, MaxSortFields);
        validator.MustEach("hours", parameters => ParameterRules.Items(parameters.Hours), text =>
            Error<LocalHours?>(report => LocalHours.Parse(text, message => report($"'{InputExcerpt.Of(text)}' {message}"))));
        validator.MustEach("weekdays", parameters => ParameterRules.Items(parameters.Weekdays), text =>
            Error<IReadOnlyList<IsoDayOfWeek>?>(report => Weekdays.Parse(text, report)));
        validator.RuleFor(parameters => parameters).Custom((parameters, context) =>
        {
            foreach (var error in parameters.Sort is null ? [] : SortRules.ErrorsOf(parameters, sortable).Take(MaxSortFields))
            {
                context.AddFailure(new ValidationFailure("sort", error));
            }

            if (CompareError(parameters, (Instant)context.RootContextData["now"]) is { } compareError)
            {
                context.AddFailure(new ValidationFailure("compare", compareError));
            }
        });
    }

    /// <summary>Creates the filter from parameters that have passed validation; null if the query includes all time.</summary>
    public static LocalTimeFilter? LocalTimeOf(AggregatesParameters parameters)
    {
        var hours = ParameterRules.Items(parameters.Hours).Select(text => LocalHours.Parse(text, RequireValid)!.Value).Distinct();
        var days = ParameterRules.Items(parameters.Weekdays).SelectMany(text => Weekdays.Parse(text, RequireValid)!).Distinct();
        ImmutableArray<LocalHours> ranges = [.. hours.OrderBy(range => range.From).ThenBy(range => range.To)];
        ImmutableArray<IsoDayOfWeek> weekdays = [.. days.Order()];
        return ranges.IsEmpty && weekdays.IsEmpty ? null : new LocalTimeFilter(ranges, weekdays);
    }

    /// <summary>Checks <c>compare</c> only if the interval, the time zone and the granularity are valid. Otherwise, other rules report errors.</summary>
    private static string? CompareError(AggregatesParameters parameters, Instant now)
    {
        var (zone, granularity) = (AggregatesQuery.ZoneOf(parameters.TimeZone), parameters.Granularity is { } text ? DurationParser.AsGranularity(text) : null);
        if (parameters.Compare is not { } name || !Comparison.Names.Contains(name) || zone is null || (granularity is null && parameters.Granularity is not null)
            || QueryInterval.Resolve(parameters, zone, granularity, now, (_, _) => { }) is not { } interval)
        {
            return null;
        }

        return Error<Comparison?>(report => Comparison.Resolve(name, parameters.Period, interval, zone, granularity, report));
    }

    /// <summary>Returns the first message that a parser reports, or null.</summary>
    private static string? Error<T>(Func<Action<string>, T> parse)
    {
        string? error = null;
        parse(message => error ??= message);
        return error;
    }

    private static void RequireValid(string message) => throw new InvalidOperationException($"The validator accepted an invalid value: {message}");
}
