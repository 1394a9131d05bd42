using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Facts;

/// <summary><c>docs/metrics.md</c> lists all fields of a record and all metrics of the catalog, in their order.</summary>
public sealed partial class MetricsDocumentTests
{
    private static readonly string Document = Repository.Read("docs/metrics.md");

    [Fact]
    public void The_table_of_fields_matches_the_record()
    {
        var record = ResponseJson.TypeInfo.Options.GetTypeInfo(typeof(PlainRecord)).Properties.Select(field => field.Name);

        Rows("Fields").Select(row => row[0].Trim('`')).ShouldBe(record);
    }

    [Fact]
    public void The_documented_sources_match_the_record()
    {
        var documented = Rows("Fields").ToDictionary(row => row[0].Trim('`'), row => row[1]);

        RecordFields.Figures.Concat(RecordFields.Within).ShouldAllBe(field => documented[field.Name].Contains($"`{field.Source}`"));
    }

    [Fact]
    public void The_table_of_metrics_matches_the_catalog()
    {
        var documented = Rows("More metrics").Where(row => MetricCatalog.Groups.Any(group => group.Name == row[0]));

        documented.Select(row => (row[0], string.Join(' ', Quoted().Matches(row[2]).Select(metric => metric.Groups["text"].Value))))
            .ShouldBe(MetricCatalog.Groups.Select(group => (group.Name, string.Join(' ', group.Metrics))));
        Document.ShouldContain($"the {MetricCatalog.Names.Count} metrics that Genesys' query knows");
    }

    private static IEnumerable<string[]> Rows(string heading) =>
        Document.Split($"\n## {heading}\n")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Where(row => row[0] != "field");

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();
}
