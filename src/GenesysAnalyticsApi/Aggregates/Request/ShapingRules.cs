using System.Collections.Immutable;
using FluentValidation;
using FluentValidation.Results;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The rules for the parameters that shape a response: the included local time, totals, comparison, order and number of records.</summary>
internal static class ShapingRules
{
    public const int MaxLimit = 100_000;
    public const int MaxHours = 24;
    public const int MaxSortFields = 10;

    private static readonly Synonyms CompareWords = new(
        ("previous", "prev before previousPeriod lastPeriod priorPeriod true"), ("previous-week", "week wow lastWeek priorWeek weekOverWeek"),
        ("previous-year", "year yoy lastYear priorYear yearOverYear"));

    public static void AddShapingRules(this AbstractValidator<AggregatesParameters> validator, IReadOnlyList<string> sortable)
    {
        validator.RuleFor(parameters => parameters.Totals).Must("totals", Switch);
        validator.RuleFor(parameters => parameters.Compare).Must("compare", OneOf("a comparison", Comparison.Names, CompareWords));
        validator.RuleFor(parameters => parameters.Limit).Must("limit", Number(1, MaxLimit, "records"));
        validator.AtMost("hours", parameters => AggregatesParameters.Items(parameters.Hours).Count, MaxHours);
        validator.AtMost("weekdays", parameters => AggregatesParameters.Items(parameters.Weekdays).Count, Weekdays.Names.Count);
        validator.AtMost("sort", parameters => AggregatesParameters.Items(parameters.Sort).Count, MaxSortFields);
        validator.MustEach("hours", parameters => AggregatesParameters.Items(parameters.Hours), text =>
            Error<LocalHours?>(report => LocalHours.Parse(text, message => report($"'{InputExcerpt.Of(text)}' {message}"))));
        validator.MustEach("weekdays", parameters => AggregatesParameters.Items(parameters.Weekdays), text =>
            Error<IReadOnlyList<IsoDayOfWeek>?>(report => Weekdays.Parse(text, report)));
        validator.RuleFor(parameters => parameters).Custom((parameters, context) =>
        {
            foreach (var error in SortErrors(parameters, sortable).Take(MaxSortFields))
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
        var hours = AggregatesParameters.Items(parameters.Hours).Select(text => LocalHours.Parse(text, RequireValid)!.Value).Distinct();
        var days = AggregatesParameters.Items(parameters.Weekdays).SelectMany(text => Weekdays.Parse(text, RequireValid)!).Distinct();
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

    private static IEnumerable<string> SortErrors(AggregatesParameters parameters, IReadOnlyList<string> sortable)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in AggregatesParameters.Items(parameters.Sort).Distinct(StringComparer.Ordinal))
        {
            var name = SortField.Parse(text).Name;
            if (!names.Add(name))
            {
                yield return $"'{InputExcerpt.Of(text)}' repeats the field of an earlier value: give each field once, ascending or descending.";
            }
            else if (SortError(text, name, parameters, sortable) is { } error)
            {
                yield return error;
            }
        }
    }

    /// <param name="text">The value as given, with its direction; every message quotes it.</param>
    private static string? SortError(string text, string name, AggregatesParameters parameters, IReadOnlyList<string> sortable)
    {
        if (name.StartsWith(SortField.Metrics, StringComparison.Ordinal))
        {
            return MetricError(text, name, AggregatesParameters.Items(parameters.Metric));
        }

        var isPrevious = name.StartsWith(SortField.Previous, StringComparison.Ordinal);
        var field = isPrevious ? name[SortField.Previous.Length..] : name;
        return !sortable.Contains(field) ? DidYouMean.MessageWith(DidYouMean.To(field, sortable), text, "a record field", sortable, "GET /catalog")
            : isPrevious && parameters.Compare is null ? $"'{InputExcerpt.Of(text)}' needs 'compare', which adds the object 'previous' to the records."
            : field.EndsWith("Within", StringComparison.Ordinal) && parameters.ServiceLevelThresholdMs is null
                ? $"'{InputExcerpt.Of(text)}' needs 'serviceLevelThresholdMs', which adds it to the records."
            : field.StartsWith("division", StringComparison.Ordinal) && !AggregatesParameters.Items(parameters.GroupBy).Contains("divisionId")
                ? $"'{InputExcerpt.Of(text)}' needs 'groupBy' with divisionId, which adds the divisions to the records."
            : Dimension.All.FirstOrDefault(candidate => candidate.Name == field || candidate.NameField == field) is { } dimension && !AggregatesParameters.Items(parameters.GroupBy).Contains(dimension.Name)
                ? $"'{InputExcerpt.Of(text)}' needs 'groupBy' with {dimension.Name}, which adds it to the records."
            : null;
    }

    private static string? MetricError(string text, string name, IReadOnlyList<string> requested)
    {
        var path = name.Split('.');
        return path.Length != 3 ? $"'{InputExcerpt.Of(text)}' is not a record field: write metrics.<metric>.<statistic>, for example metrics.tAlert.sum."
            : !requested.Contains(path[1], StringComparer.Ordinal) ? $"'{InputExcerpt.Of(text)}' needs 'metric' with the name of that metric, which adds its statistics to the records."
            : GenesysMetrics.StatisticNames.Contains(path[2], StringComparer.Ordinal) ? null
            : DidYouMean.MessageWith(DidYouMean.To(path[2], GenesysMetrics.StatisticNames), text, "a statistic of a metric", GenesysMetrics.StatisticNames);
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
