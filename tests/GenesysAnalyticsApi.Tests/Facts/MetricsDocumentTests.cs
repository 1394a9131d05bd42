using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Facts;

/// <summary>
/// The tables of <c>docs/metrics.md</c> are those of the catalog. After an intended change:
/// <code>UPDATE_SNAPSHOTS=1 dotnet test</code>
/// </summary>
public sealed partial class MetricsDocumentTests
{
    private const string Path = "docs/metrics.md";

    [Fact]
    public void The_tables_are_those_of_the_catalog()
    {
        var document = Repository.Read(Path);
        var expected = WithTable(WithTable(document, "fields", FieldsTable()), "metrics", MetricsTable());
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Repository.PathOf(Path), expected);
        }

        var (written, lines) = (Repository.Read(Path).Split('\n'), expected.Split('\n'));
        lines.Except(written).Concat(written.Except(lines)).ShouldBeEmpty($"If the change is intended, run UPDATE_SNAPSHOTS=1 dotnet test and review {Path}.");
        written.ShouldBe(lines, "The tables must have the order of the catalog.");
    }

    [Fact]
    public void The_table_of_groups_matches_the_catalog()
    {
        var document = Repository.Read(Path);
        var documented = document.Split("\n## More metrics\n")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
            .Where(row => GenesysMetrics.Groups.Any(group => group.Name == row[0]));

        documented.Select(row => (row[0], string.Join(' ', Quoted().Matches(row[2]).Select(metric => metric.Groups["text"].Value))))
            .ShouldBe(GenesysMetrics.Groups.Select(group => (group.Name, string.Join(' ', group.Metrics))));
        document.ShouldContain($"the {GenesysMetrics.Names.Count} metrics that the Genesys SDKs (release 270) define");
    }

    private static IEnumerable<string> FieldsTable() =>
    [
        "| field | meaning | source | unit | merge | dimensions | null |",
        "|---|---|---|---|---|---|---|",
        .. CatalogEntries.Fields.Select(entry =>
            $"| `{entry.Name}` | {entry.Definition} | {(entry.Source.Contains('.', StringComparison.Ordinal) ? $"`{entry.Source}`" : entry.Source)} | {Name(entry.Unit)} | {Name(entry.Merge)} | {Split(entry)} | {NullWhen(entry.NullWhen)} |"),
    ];

    private static IEnumerable<string> MetricsTable() =>
    [
        "| metric | meaning | counted | unit | merge | dimensions |",
        "|---|---|---|---|---|---|",
        .. CatalogEntries.Metrics.Select(entry =>
            $"| `{entry.Name}` | {Meaning(entry.Definition)} | {entry.PostedWhen ?? "–"} | {Name(entry.Unit)} | {Name(entry.Merge)} | {Split(entry)} |"),
    ];

    /// <summary>The page explains both words at its start.</summary>
    private static string NullWhen(string? reasons) => reasons?
        .Replace(CatalogFieldEntries.Rejected, "refused", StringComparison.Ordinal)
        .Replace(CatalogFieldEntries.WithoutAnswers, "callbacks", StringComparison.Ordinal) ?? "never";

    /// <summary>Most entries can be split by all dimensions, so the table lists only the exceptions.</summary>
    private static string Split(CatalogEntry entry)
    {
        string[] excluded = [.. Groupings.Known.Keys.Where(name => name != "none").Except(entry.Dimensions)];
        return entry.Dimensions is [] ? "–" : excluded is [] ? "all" : $"all but {string.Join(", ", excluded)}";
    }

    private static string Meaning(string definition) =>
        definition.Replace(GenesysMetricMeanings.NotDefined, "*Not confirmed.*", StringComparison.Ordinal);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string WithTable(string document, string name, IEnumerable<string> lines)
    {
        var (start, end) = ($"<!-- {name}: written from the catalog by a test -->\n", $"<!-- end of {name} -->");
        var before = document.Split(start);
        before.Length.ShouldBe(2, $"{Path} must contain exactly one table of {name} between {start} and {end}.");
        return $"{before[0]}{start}\n{string.Join('\n', lines)}\n\n{end}{before[1].Split(end)[1]}";
    }

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();
}
