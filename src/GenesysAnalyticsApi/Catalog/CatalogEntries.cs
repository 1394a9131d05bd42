using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Catalog;

/// <summary>
/// The entries of the catalog: one for each field of <see cref="RecordFieldDefinitions"/> and one for each metric of <see cref="GenesysMetrics"/>. The unit, the merge
/// rule and the null conditions of a figure are derived from the type, name and formula of its field.
/// </summary>
internal static class CatalogEntries
{
    public static IReadOnlyList<CatalogEntry> Fields { get; } = [.. RecordFieldDefinitions.All.Select(CatalogFieldEntries.Of)];

    public static IReadOnlyList<CatalogEntry> Metrics { get; } = [.. GenesysMetrics.Groups.SelectMany(group => group.Metrics.Select(metric => CatalogMetricEntries.Of(metric, group)))];

    public static CatalogResponse All { get; } = new() { Records = [.. Fields, .. Metrics] };

    /// <summary>Converts a name in camel case to words: "Average handle time" for averageHandleTimeMs.</summary>
    public static string Title(string name)
    {
        var words = Words(name).Where(word => word != "Ms").Select(Spelled);
        var title = string.Join(' ', words);
        return string.Concat(title[..1].ToUpperInvariant(), title[1..]);
    }

    private static string Spelled(string word) => word switch
    {
        "Acw" => "after-call work",
        "Acd" or "Ivr" or "Cfc" => word.ToUpperInvariant(),
        "Sla" => "service level",
        _ => word.ToLowerInvariant(),
    };

    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var index = 1; index <= name.Length; index++)
        {
            if (index == name.Length || char.IsAsciiLetterUpper(name[index]))
            {
                yield return name[start..index];
                start = index;
            }
        }
    }
}

/// <summary>A formula from <see cref="FigureField.Source"/>: statistics of Genesys metrics, with operators between them if there are several.</summary>
internal sealed record Formula(string Text)
{
    private IEnumerable<(string Metric, string Statistic)> Terms => Text.Split(' ')
        .Select(word => (Word: word, Dot: word.LastIndexOf('.')))
        .Where(word => word.Dot > 0)
        .Select(word => (word.Word[..word.Dot], word.Word[(word.Dot + 1)..]));

    /// <summary>The distinct Genesys metrics in the formula.</summary>
    public IReadOnlyList<string> Metrics => [.. Terms.Select(term => term.Metric).Where(GenesysMetrics.Knows).Distinct(StringComparer.Ordinal)];

    /// <summary>The Genesys metric, if all terms of the formula are statistics of this one metric; otherwise null.</summary>
    public string? Metric => Metrics is [var only] && Terms.All(term => term.Metric == only) ? only : null;

    public string? Statistic => Metric is null ? null : Text.Replace($"{Metric}.", "", StringComparison.Ordinal);

    public bool IsQuotient => Text.Contains(" / ", StringComparison.Ordinal);

    public bool Ends(string statistic) => Text.EndsWith($".{statistic}", StringComparison.Ordinal);
}
