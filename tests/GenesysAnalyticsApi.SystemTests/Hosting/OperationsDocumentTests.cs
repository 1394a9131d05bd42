using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

/// <summary>
/// The operations page lists exactly the existing metrics, alerts and events. The dashboard shows every metric, and the alerts use only existing ones.
/// </summary>
public sealed partial class OperationsDocumentTests
{
    private static readonly string Document = Repository.Read("docs/operations.md");
    private static readonly string Rules = Repository.Read("docker/prometheus/rules.yml");
    private static readonly string Dashboard = Repository.Read("docker/grafana/dashboards/genesys-analytics.json");

    [Fact]
    public async Task Every_metric_is_documented()
    {
        var registered = await MetricsAsync();

        MetricRow().Matches(Document).Select(row => row.Groups["name"].Value).ShouldBe(registered, ignoreOrder: true);
    }

    [Fact]
    public async Task The_dashboard_and_the_alerts_use_existing_metrics_only()
    {
        var registered = await MetricsAsync();

        var shown = OwnMetric().Matches(Dashboard).Select(name => Family(name.Value)).ToHashSet(StringComparer.Ordinal);
        var watched = OwnMetric().Matches(Rules).Select(name => Family(name.Value)).ToHashSet(StringComparer.Ordinal);

        shown.ShouldBe(registered, ignoreOrder: true);
        watched.Except(registered).ShouldBeEmpty();
    }

    [Fact]
    public void Every_event_is_documented_with_its_level()
    {
        var logged = typeof(Program).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(line => (line.EventId, line.Level.ToString().ToLowerInvariant()))
            .Order()
            .ToList();

        logged.Select(line => line.EventId).ShouldBeUnique();
        EventRow().Matches(Document).Select(row => (int.Parse(row.Groups["id"].Value, CultureInfo.InvariantCulture), row.Groups["level"].Value)).ShouldBe(logged);
    }

    /// <summary>In CI, promtool checks that each alert fires.</summary>
    [Fact]
    public void Every_alert_is_documented_has_an_action_and_has_a_test()
    {
        var alerts = Alert().Matches(Rules).Select(alert => alert.Groups["name"].Value).ToList();

        AlertRow().Matches(Document).Select(row => row.Groups["name"].Value).ShouldBe(alerts);
        Alert().Matches(Rules).ShouldAllBe(alert => alert.Groups["body"].Value.Contains("          action: \"", StringComparison.Ordinal));
        var tests = Repository.Read("docker/prometheus/rules.test.yml");
        alerts.ShouldAllBe(alert => tests.Contains($"alertname: {alert}\n        exp_alerts:\n          - ", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> MetricsAsync()
    {
        // With an unreachable Redis, because the gauge of Redis exists even then.
        using var service = new RunningService { Settings = new() { ["Cache:Redis"] = "127.0.0.1:1" } };
        using var counted = new RecordedMetrics(service);
        await service.CreateClient().GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        await service.CreateClient().GetAsync(new Uri("/aggregates?wrong=1", UriKind.Relative), TestContext.Current.CancellationToken);
        return [.. counted.Instruments.Where(instrument => instrument.Meter.Name == "GenesysAnalyticsApi").Select(NameOf).Distinct()];
    }

    /// <summary>The name in Prometheus.</summary>
    private static string NameOf(Instrument instrument) => string.Concat(
        instrument.Name.Replace('.', '_'),
        instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        },
        instrument is Counter<long> ? "_total" : "");

    private static string Family(string series) => HistogramSeries().Replace(series, "");

    [GeneratedRegex(@"^\| `(?<name>genesys_analytics_\w+)` \| (counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"^\| (?<id>\d{4}) \| (?<level>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"^\| `(?<name>GenesysAnalytics\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();

    [GeneratedRegex(@"- alert: (?<name>\w+)\n(?<body>(?:.+\n?)+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"\bgenesys_analytics_\w+")]
    private static partial Regex OwnMetric();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex HistogramSeries();
}
