using System.Globalization;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>Looks at every parameter of a question and names each wrong one by its wire name, its value and what is accepted.</summary>
internal sealed class AggregatesParametersValidator : AbstractValidator<AggregatesParameters>
{
    public const int MaxQueueIds = 1000;
    public const int MaxQueueNames = 50;
    public const int MaxAgeSeconds = 86_400;

    /// <summary>What serves as well as a list of ids that is too long.</summary>
    private const string InsteadOfList = " Ask by name pattern (queue=Billing*) or by divisionId instead, or for every queue by neither.";

    /// <summary>All of them: they are fetched in groups, so that many of them cost few calls.</summary>
    public static readonly int MaxMetrics = MetricCatalog.Names.Count;

    public static readonly string[] Directions = ["inbound", "outbound"];
    public static readonly string[] Fills = ["none", "zero"];
    public static readonly string[] Partials = ["allow", "deny"];
    public static readonly string[] Switches = ["true", "false"];
    public static readonly string[] GranularityNames = [.. Granularity.All.Select(known => known.Iso)];
    public static readonly string[] GroupingNames = [.. Groupings.Known.Keys];

    private static readonly Synonyms DirectionWords = new(("inbound", "in incoming ib"), ("outbound", "out outgoing ob"));
    private static readonly Synonyms PartialWords = new(("allow", "true yes"), ("deny", "false no"));
    private static readonly Synonyms SwitchWords = new(("true", "yes on 1"), ("false", "no off 0"));
    private static readonly Synonyms GroupingWords = new(
        ("queueId", "queue queues queueIds queueName"), ("mediaType", "media mediaTypes channel channels"), ("divisionId", "division divisions divisionIds divisionName"));

    public AggregatesParametersValidator()
    {
        RuleFor(asked => asked).Custom((asked, context) =>
        {
            if (asked.Granularity is { } given && !GranularityNames.Contains(given))
            {
                Wrong(context, "granularity", DidYouMean.MessageWith(DurationHints.AsGranularity(given), given, "a granularity", GranularityNames));
            }

            if (asked.Direction is { } direction && !Directions.Contains(direction, StringComparer.OrdinalIgnoreCase))
            {
                Wrong(context, "direction", DidYouMean.Message(direction, "a direction", Directions, DirectionWords));
            }
        });
        OneOf("fill", asked => asked.Fill, "a way to fill", Fills);
        OneOf("explain", asked => asked.Explain, "accepted", Switches, SwitchWords);
        OneOf("partial", asked => asked.Partial, "accepted", Partials, PartialWords);

        EachOf("queueId", asked => asked.QueueId, MaxQueueIds, id => Guid.TryParseExact(id, "D", out _) ? null : $"'{InputExcerpt.Of(id)}' is not a queue id (a GUID).", InsteadOfList);
        EachOf("divisionId", asked => asked.DivisionId, MaxQueueIds, id => Guid.TryParseExact(id, "D", out _) ? null : $"'{InputExcerpt.Of(id)}' is not a division id (a GUID).");
        EachOf("mediaType", asked => asked.MediaType, MediaTypes.Known.Count, type =>
            MediaTypes.Known.Contains(type, StringComparer.OrdinalIgnoreCase) ? null : DidYouMean.Message(type, "a media type", MediaTypes.Known, MediaTypes.Synonyms));
        EachOf("metric", asked => asked.Metric, MaxMetrics, metric =>
            MetricCatalog.Knows(metric) ? null : MetricSynonyms.Message(metric));
        EachOf("groupBy", asked => asked.GroupBy, GroupingNames.Length, name =>
            GroupingNames.Contains(name) ? null : DidYouMean.Message(name, "something rows are grouped by", GroupingNames, GroupingWords));

        RuleFor(asked => asked).Custom((asked, context) =>
        {
            var groupings = AggregatesParameters.Items(asked.GroupBy).Distinct(StringComparer.Ordinal).ToList();
            if (groupings.Contains("none") && groupings.Count > 1)
            {
                Wrong(context, "groupBy", $"'{InputExcerpt.Of(string.Join(',', groupings))}' says none and something else: give none alone, or a subset of queueId, mediaType, divisionId.");
            }

            if (asked.MaxAge is not null && !(int.TryParse(asked.MaxAge, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxAgeSeconds))
            {
                Wrong(context, "maxAge", $"'{InputExcerpt.Of(asked.MaxAge)}' is not a number of seconds from 0 to 86400.");
            }

            if (asked.Queue is { Length: > MaxQueueNames })
            {
                Wrong(context, "queue", $"{asked.Queue.Length} names are too many: at most {MaxQueueNames}; a pattern with * stands for many queues, divisionId for all queues of a division, and neither of them for every queue.");
            }

            // A name can also consist of characters that are not visible.
            foreach (var empty in (asked.Queue ?? []).Select(name => name ?? "").Where(name => QueueNameComparison.Folded(name).Length == 0).Take(1))
            {
                Wrong(context, "queue", $"'{InputExcerpt.Of(empty)}' is not a queue name: give an exact name, or a pattern with *.");
            }

            var zone = AggregatesQuery.ZoneOf(asked.TimeZone);
            if (zone is null)
            {
                Wrong(context, "timeZone", DidYouMean.MessageWith(TimeZoneHints.Meant(asked.TimeZone!), asked.TimeZone!, "an IANA time zone (for example Europe/Berlin)", DateTimeZoneProviders.Tzdb.Ids));
            }

            // Where buckets begin is not known without their zone: only the interval itself is looked at then.
            var granularity = zone is null || asked.Granularity is null ? null : Granularity.Find(asked.Granularity);
            QueryInterval.Resolve(asked, zone ?? DateTimeZone.Utc, granularity, NowOf(context), (name, message) => Wrong(context, name, message));
        });
    }

    /// <summary>Every wrong parameter, or nothing. <paramref name="now"/> is the one now of the question.</summary>
    public IReadOnlyDictionary<string, string[]> Find(AggregatesParameters asked, Instant now)
    {
        var context = new ValidationContext<AggregatesParameters>(asked) { RootContextData = { ["now"] = now } };
        return Validate(context).Errors
            .GroupBy(failure => failure.PropertyName, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(failure => failure.ErrorMessage).Distinct().ToArray(), StringComparer.Ordinal);
    }

    /// <summary>As a failure of its own: a message given as text is a template, and the caller's braces would be filled in.</summary>
    private static void Wrong(ValidationContext<AggregatesParameters> context, string name, string message) =>
        context.AddFailure(new ValidationFailure(name, message));

    private static Instant NowOf(ValidationContext<AggregatesParameters> context) => (Instant)context.RootContextData["now"];

    private void OneOf(string name, Func<AggregatesParameters, string?> value, string what, string[] known, Synonyms? words = null) =>
        RuleFor(asked => asked).Custom((asked, context) =>
        {
            if (value(asked) is { } given && !known.Contains(given))
            {
                Wrong(context, name, DidYouMean.Message(given, what, known, words));
            }
        });

    /// <summary>A list: names its wrong items, ten at most, so that the answer to nonsense stays small.</summary>
    private void EachOf(string name, Func<AggregatesParameters, string[]?> values, int most, Func<string, string?> wrong, string instead = "") =>
        RuleFor(asked => asked).Custom((asked, context) =>
        {
            var items = AggregatesParameters.Items(values(asked)).Distinct(StringComparer.Ordinal).ToList();
            if (items.Count > most)
            {
                Wrong(context, name, $"{items.Count} values are too many: at most {most}.{instead}");
            }

            foreach (var message in items.Select(wrong).OfType<string>().Take(10))
            {
                Wrong(context, name, message);
            }
        });
}
