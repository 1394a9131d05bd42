using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>A record field by which records are sorted (<c>sort</c>). The field is identified by its name, because a higher room defines the fields.</summary>
internal readonly record struct SortField(string Name, bool IsDescending)
{
    /// <summary>The prefix of fields of the compared interval, such as <c>previous.offered</c>.</summary>
    public const string Previous = "previous.";

    /// <summary>The prefix of raw statistics, such as <c>metrics.tAlert.sum</c>.</summary>
    public const string Metrics = "metrics.";

    public static SortField Parse(string text) => text is ['-', ..] ? new(text[1..].Trim(), true) : new(text, false);
}

/// <summary>Checks <c>sort</c>: each value names a field that the records of the query have.</summary>
internal static class SortRules
{
    /// <param name="sortable">The record fields that <c>sort</c> accepts.</param>
    public static IEnumerable<string> ErrorsOf(AggregatesParameters parameters, IReadOnlyList<string> sortable)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in ParameterRules.Items(parameters.Sort).Distinct(StringComparer.Ordinal))
        {
            var name = SortField.Parse(text).Name;
            if (!names.Add(name))
            {
                yield return $"'{InputExcerpt.Of(text)}' repeats the field of an earlier value: give each field once, ascending or descending.";
            }
            else if (ErrorOf(text, name, parameters, sortable) is { } error)
            {
                yield return error;
            }
        }
    }

    /// <param name="text">The value as given, with its direction; every message quotes it.</param>
    private static string? ErrorOf(string text, string name, AggregatesParameters parameters, IReadOnlyList<string> sortable)
    {
        if (name.StartsWith(SortField.Metrics, StringComparison.Ordinal))
        {
            return MetricError(text, name, ParameterRules.Items(parameters.Metric));
        }

        var isPrevious = name.StartsWith(SortField.Previous, StringComparison.Ordinal);
        var field = isPrevious ? name[SortField.Previous.Length..] : name;
        return GenesysMetrics.Knows(field) ? MetricError(text, $"{SortField.Metrics}{field}", ParameterRules.Items(parameters.Metric))
            : !sortable.Contains(field) ? DidYouMean.MessageWith(DidYouMean.To(field, sortable), text, "a record field", sortable, "GET /catalog")
            : isPrevious && parameters.Compare is null ? $"'{InputExcerpt.Of(text)}' needs 'compare', which adds the object 'previous' to the records."
            : field.EndsWith("Within", StringComparison.Ordinal) && parameters.ServiceLevelThresholdMs is null
                ? $"'{InputExcerpt.Of(text)}' needs 'serviceLevelThresholdMs', which adds it to the records."
            : field.StartsWith("division", StringComparison.Ordinal) && !ParameterRules.Items(parameters.GroupBy).Contains("divisionId")
                ? $"'{InputExcerpt.Of(text)}' needs 'groupBy' with divisionId, which adds the divisions to the records."
            : Dimension.All.FirstOrDefault(candidate => candidate.Name == field || candidate.NameField == field) is { } dimension && !ParameterRules.Items(parameters.GroupBy).Contains(dimension.Name)
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
}
