using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Facts;

/// <summary>The metrics and media types of the service are exactly those of the official SDK, release 270.</summary>
public sealed class CatalogTests
{
    [Fact]
    public void The_catalog_contains_exactly_the_metrics_of_the_SDK() =>
        GenesysMetrics.Names.ShouldBe(Enumeration("ConversationAggregationQuery", "MetricsEnum"), ignoreOrder: true);

    [Fact]
    public void Every_metric_belongs_to_exactly_one_group()
    {
        var grouped = GenesysMetrics.Groups.SelectMany(group => group.Metrics).ToList();

        grouped.Distinct().Count().ShouldBe(grouped.Count);
        grouped.ShouldBe(GenesysMetrics.Names, ignoreOrder: true);
        GenesysMetrics.Groups.Select(group => group.Name).Distinct().Count().ShouldBe(GenesysMetrics.Groups.Count);
        GenesysMetrics.Names.ShouldAllBe(metric => GenesysMetrics.GroupFor(metric).Metrics.Contains(metric));
    }

    [Theory]
    [InlineData(AnsweredWithin.MinThresholdMs)]
    [InlineData(AnsweredWithin.MaxThresholdMs)]
    public void A_view_has_a_timer_of_the_SDK_and_a_name_that_no_metric_has(int thresholdMs)
    {
        var group = AnsweredWithin.GroupOf(thresholdMs);
        var view = group.Views.ShouldHaveSingleItem();

        group.Metrics.ShouldBe([view.Column]);
        (view.Target[0], view.Below).ShouldBe(('t', thresholdMs + 1L));
        Enumeration("ConversationAggregationView", "TargetEnum").ShouldContain(view.Target);
        Enumeration("ConversationAggregationView", "FunctionEnum").ShouldContain("rangeBound");
        GenesysMetrics.Names.ShouldNotContain(view.Name);
        GenesysMetrics.Names.ShouldNotContain(view.Column);
        GenesysMetrics.Groups.ShouldNotContain(other => other.Name == group.Name || other.Family == group.Family);
    }

    [Fact]
    public void The_media_types_are_exactly_those_of_the_SDK() =>
        MediaTypes.Known.ShouldBe(
            ["voice", "callback", "chat", "email", "message", "cobrowse", "screenshare", "screenmonitoring", "video", "internalmessage", "unknown"],
            ignoreOrder: true);

    [Theory]
    [InlineData("nOffered", MetricKind.Counter)]
    [InlineData("tHandle", MetricKind.Timer)]
    [InlineData("oMediaCount", MetricKind.Timer)]
    [InlineData("oServiceLevel", MetricKind.Ratio)]
    [InlineData("oCallbackServiceLevel", MetricKind.Ratio)]
    [InlineData("nConversations", MetricKind.NotAdditive)] // one conversation can be in several queues and buckets
    [InlineData("oServiceTarget", MetricKind.NotAdditive)]
    public void Every_metric_has_the_kind_by_which_it_is_merged(string metric, object kind) => GenesysMetrics.KindOf(metric).ShouldBe((MetricKind)kind);

    private static IEnumerable<string> Enumeration(string model, string name)
    {
        using var contract = JsonDocument.Parse(Repository.Read("src/GenesysSimulator/Contract/contract.json"));
        var found = contract.RootElement.GetProperty(model).GetProperty("enums").GetProperty(name);
        return [.. found.EnumerateArray().Select(value => value.GetString()!)];
    }
}
