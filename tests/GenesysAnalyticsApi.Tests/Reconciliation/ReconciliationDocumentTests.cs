using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Reconciliation.Comparing;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Reconciliation;

/// <summary><c>docs/reconciliation.md</c> lists every cause, in the order in which causes are tried, and every field for which headers are known.</summary>
public sealed partial class ReconciliationDocumentTests
{
    private static readonly string Document = Repository.Read("docs/reconciliation.md");

    [Fact]
    public void Every_cause_is_documented() => Cause().Matches(Document.Split("### Causes")[1].Split("###")[0]).Select(row => row.Groups["name"].Value).ShouldBe(DifferenceCause.All.Select(cause => cause.Name));

    [Fact]
    public void Every_field_with_known_headers_is_documented()
    {
        var rows = Document.Split('\n').SkipWhile(line => !line.StartsWith("| headers", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'));

        rows.SelectMany(row => Field().Matches(row)).Select(field => field.Groups["name"].Value).ShouldBe(ExportColumns.KnownFields, ignoreOrder: true);
    }

    [Fact]
    public void Documented_headers_are_known()
    {
        var rows = Document.Split('\n').SkipWhile(line => !line.StartsWith("| headers", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));
        foreach (var cells in rows.Select(row => row.Split('|', StringSplitOptions.TrimEntries)))
        {
            var headers = cells[1].Split([';', ','], StringSplitOptions.TrimEntries);
            ExportColumns.Of(new CsvLine(1, [.. headers])).Select(column => column.Figure?.Name ?? column.WhyNot).Where(name => name != "an earlier column has the same meaning")
                .ShouldBe(Field().Matches(cells[2]).Select(field => field.Groups["name"].Value));
        }
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z]+(-[a-z]+)*)` \| [^|]+\| [^|]*\|$", RegexOptions.Multiline)]
    private static partial Regex Cause();

    [GeneratedRegex(@"`(?<name>\w+)`")]
    private static partial Regex Field();
}
