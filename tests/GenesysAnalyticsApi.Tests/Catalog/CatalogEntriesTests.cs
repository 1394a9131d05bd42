using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Catalog;

/// <summary>The catalog defines every field and every metric. It uses only Genesys names that the official SDK, release 270, contains.</summary>
public sealed partial class CatalogEntriesTests
{
    private static readonly JsonObject Contract = JsonNode.Parse(Repository.Read("src/GenesysSimulator/Contract/contract.json"))!.AsObject();

    private static readonly HashSet<string> ContractMetrics = [.. Enumeration("ConversationAggregationQuery", "MetricsEnum")];

    private static IReadOnlyList<CatalogEntry> Entries => CatalogEntries.All.Records;

    [Fact]
    public void Every_field_of_a_record_has_an_entry_in_the_same_order() =>
        CatalogEntries.Fields.Select(entry => entry.Name).Where(name => name != "previous").ShouldBe(
            ResponseJson.TypeInfo.Options.GetTypeInfo(typeof(PlainRecord)).Properties.Select(field => field.Name));

    [Fact]
    public void Every_metric_that_a_query_accepts_has_one_entry() =>
        CatalogEntries.Metrics.Select(entry => entry.Name).ShouldBe(ContractMetrics, ignoreOrder: true);

    [Fact]
    public void Every_Genesys_name_in_the_catalog_is_in_the_contract()
    {
        Entries.Select(entry => entry.GenesysMetric).OfType<string>().ShouldBeSubsetOf(ContractMetrics);
        foreach (var entry in Entries)
        {
            // Definitions, formulas and events mention metrics too.
            var mentioned = MetricName().Matches($"{entry.Definition} {entry.Source} {entry.PostedWhen} {entry.NullWhen}").Select(name => name.Value);
            mentioned.ShouldBeSubsetOf(ContractMetrics, entry.Name);
        }

        GenesysMetricMeanings.Defined.ShouldBeSubsetOf(ContractMetrics);
        Entries.SelectMany(entry => entry.MediaTypes).ShouldBeSubsetOf(MediaTypes.Known);
        var dimensions = Enumeration("ConversationAggregationQuery", "GroupByEnum").ToHashSet();
        Entries.Where(entry => entry.Source.StartsWith("dimension ", StringComparison.Ordinal)).Select(entry => entry.Source.Split(' ')[1]).ShouldBeSubsetOf(dimensions);
    }

    [Fact]
    public void Every_formula_consists_of_known_statistics()
    {
        var statistics = typeof(MetricStatistics).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToHashSet();

        foreach (var entry in CatalogEntries.Fields.Where(entry => entry.GenesysMetric is not null))
        {
            entry.GenesysStatistic!.Split(" / ").ShouldBeSubsetOf(statistics, entry.Name);
        }

        CatalogEntries.Metrics.SelectMany(entry => entry.Statistics).Select(statistic => statistic.Name).Distinct().ShouldBe(statistics, ignoreOrder: true);
        CatalogEntries.Metrics.ShouldAllBe(entry => entry.GenesysStatistic == entry.Statistics[0].Name && entry.Unit == entry.Statistics[0].Unit);
    }

    [Fact]
    public void Names_and_units_agree()
    {
        foreach (var entry in CatalogEntries.Fields)
        {
            (entry.Unit == CatalogUnit.Ms).ShouldBe(entry.Name.EndsWith("Ms", StringComparison.Ordinal), entry.Name);
            (entry.Unit == CatalogUnit.Id).ShouldBe(entry.Name.EndsWith("Id", StringComparison.Ordinal), entry.Name);
            if (entry.Name.EndsWith("Rate", StringComparison.Ordinal) || entry.Name.EndsWith("Level", StringComparison.Ordinal))
            {
                entry.Unit.ShouldBe(entry.Name == "overServiceLevel" ? CatalogUnit.Count : CatalogUnit.Ratio, entry.Name);
            }
        }
    }

    [Theory]
    [InlineData("totalInteractions", null, null, "sum", "count", "Total interactions")]
    [InlineData("averageHandleTimeMs", "tHandle", "sum / count", "ratio", "ms", "Average handle time")]
    [InlineData("longestWaitMs", "tWait", "max", "max", "ms", "Longest wait")]
    [InlineData("serviceLevel", "oServiceLevel", "numerator / denominator", "ratio", "ratio", "Service level")]
    [InlineData("serviceLevelTarget", "oServiceLevel", "target", "none", "ratio", "Service level target")]
    [InlineData("answerRate", null, null, "ratio", "ratio", "Answer rate")]
    [InlineData("complete", null, null, "min", "boolean", "Complete")]
    [InlineData("from", null, null, "none", "instant", "From")]
    [InlineData("tAcw", "tAcw", "sum", "sum", "ms", "After-call work")]
    [InlineData("nOffered", "nOffered", "count", "sum", "count", "Offered")]
    [InlineData("oMessageTurn", "oMessageTurn", "count", "sum", "count", "Message turn")]
    [InlineData("nConversations", "nConversations", "count", "none", "count", "Conversations")]
    [InlineData("oServiceTarget", "oServiceTarget", "target", "none", "ratio", "Service target")]
    public void An_entry_is_derived_from_its_formula(string name, string? metric, string? statistic, string merge, string unit, string title)
    {
        var entry = JsonSerializer.SerializeToNode(CatalogEntries.All, ReadableCatalogJson.Response)!["records"]!.AsArray().Single(one => (string?)one!["name"] == name)!;

        ((string?)entry["genesysMetric"], (string?)entry["genesysStatistic"], (string?)entry["merge"], (string?)entry["unit"], (string?)entry["title"])
            .ShouldBe((metric, statistic, merge, unit, title));
    }

    [Fact]
    public void A_metric_without_a_confirmed_definition_says_so()
    {
        var undefined = CatalogEntries.Metrics.Where(entry => !GenesysMetricMeanings.Defined.Contains(entry.Name)).ToList();

        undefined.ShouldNotBeEmpty();
        undefined.ShouldAllBe(entry => entry.Definition.StartsWith(GenesysMetricMeanings.NotDefined, StringComparison.Ordinal) && entry.PostedWhen == null);
        CatalogEntries.Metrics.Except(undefined).ShouldAllBe(entry => !entry.Definition.Contains(GenesysMetricMeanings.NotDefined));
        Entries.ShouldAllBe(entry => entry.Definition.EndsWith('.') && entry.Title.Length > 0);
    }

    /// <summary>The OpenAPI document takes its descriptions of the fields from the catalog.</summary>
    [Fact]
    public void The_OpenAPI_document_has_the_same_definitions()
    {
        var schema = JsonNode.Parse(Repository.Read("tests/GenesysAnalyticsApi.Tests/OpenApi/swagger.v1.json"))!["components"]!["schemas"]!["AggregateRecord"]!["properties"]!.AsObject();

        schema.Select(property => property.Key).ShouldBe(CatalogEntries.Fields.Select(entry => entry.Name));
        CatalogEntries.Fields.ShouldAllBe(entry => ((string)schema[entry.Name]!["description"]!).StartsWith(entry.Definition));
    }

    private static IEnumerable<string> Enumeration(string model, string name) =>
        Contract[model]!["enums"]![name]!.AsArray().Select(value => (string)value!);

    [GeneratedRegex(@"\b[nto][A-Z][A-Za-z]+\b")]
    private static partial Regex MetricName();
}
