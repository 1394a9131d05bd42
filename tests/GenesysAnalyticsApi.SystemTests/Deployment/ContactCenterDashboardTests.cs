using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Deployment.DeploymentFiles;

namespace GenesysAnalyticsApi.SystemTests.Deployment;

/// <summary>The queries of the contact center dashboard are valid as Grafana sends them, and the demo has the plugin that they need.</summary>
public sealed class ContactCenterDashboardTests
{
    private const string Plugin = "yesoreyeram-infinity-datasource";

    private static readonly JsonNode Dashboard = JsonNode.Parse(Repository.Read("docker/grafana/dashboards/contact-center.json"))!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<JsonNode> Panels => Dashboard["panels"]!.AsArray().OfType<JsonNode>();

    private static IEnumerable<JsonNode> Targets => Panels.SelectMany(panel => panel["targets"]!.AsArray().OfType<JsonNode>());

    private static ILookup<string, JsonNode> Variables => Dashboard["templating"]!["list"]!.AsArray().ToLookup(variable => (string)variable!["name"]!, variable => variable!);

    [Fact]
    public void Every_field_of_a_panel_is_a_field_of_a_record()
    {
        var known = RecordFieldDefinitions.All.Select(field => field.Name).ToList();

        foreach (var panel in Panels)
        {
            var columns = panel["targets"]!.AsArray().SelectMany(target => target!["columns"]!.AsArray()).ToList();
            columns.ShouldNotBeEmpty();
            columns.Select(column => (string)column!["selector"]!).ShouldBeSubsetOf(known, (string?)panel["title"]);
            // Overrides identify a column by its display name.
            panel["fieldConfig"]!["overrides"]!.AsArray().Select(one => (string)one!["matcher"]!["options"]!).ShouldBeSubsetOf(columns.Select(column => (string)column!["text"]!));
        }

        Panels.Select(panel => (int)panel["id"]!).ShouldBeUnique();
        Panels.ShouldAllBe(panel => (string?)panel["description"] != null && (string?)panel["fieldConfig"]!["defaults"]!["unit"] != null);
    }

    [Fact]
    public void Durations_and_rates_have_their_units()
    {
        foreach (var panel in Panels.Where(panel => (string?)panel["type"] != "table"))
        {
            foreach (var field in panel["targets"]!.AsArray().SelectMany(target => target!["columns"]!.AsArray()).Select(column => (string)column!["selector"]!).Where(field => field != "from"))
            {
                var unit = field.EndsWith("Ms", StringComparison.Ordinal) ? "ms"
                    : field.EndsWith("Rate", StringComparison.Ordinal) || field is "serviceLevel" or "serviceLevelTarget" ? "percentunit"
                    : "short";
                ((string?)panel["fieldConfig"]!["defaults"]!["unit"]).ShouldBe(unit, $"{panel["title"]}: {field}");
            }
        }
    }

    [Fact]
    public async Task Every_query_of_a_panel_is_valid_and_returns_the_columns_of_the_panel()
    {
        using var service = RunningService.Simulated();
        using var client = service.CreateClient();

        foreach (var target in Targets.DistinctBy(target => $"{target["url"]} {target["columns"]!.ToJsonString()}"))
        {
            var url = (string)target["url"]!;
            url.ShouldStartWith("/aggregates?from=${__from}&to=${__to}&timeZone=${__timezone}&");
            foreach (var (granularity, mediaType) in new[] { ("PT15M", "voice"), ("P1D", (string)Variables["mediaType"].Single()["allValue"]!) })
            {
                using var response = await client.GetAsync(new Uri(Filled(url, granularity, mediaType), UriKind.Relative), TestCancellation);
                var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestCancellation))!;

                response.IsSuccessStatusCode.ShouldBeTrue(body.ToJsonString());
                var records = body[(string)target["root_selector"]!]!.AsArray();
                records.ShouldNotBeEmpty();
                target["columns"]!.AsArray().ShouldAllBe(column => records[0]!.AsObject().ContainsKey((string)column!["selector"]!));
            }
        }
    }

    [Fact]
    public void A_time_series_has_one_time_column_and_complete_buckets()
    {
        var series = Targets.Where(target => (string?)target["format"] == "timeseries").ToList();

        series.ShouldNotBeEmpty();
        series.ShouldAllBe(target => target["columns"]!.AsArray().Count(column => (string?)column!["type"] == "timestamp" && (string?)column["selector"] == "from") == 1);
        series.ShouldAllBe(target => ((string)target["url"]!).Contains("granularity=${granularity}&groupBy=none&fill=zero", StringComparison.Ordinal));
    }

    [Fact]
    public void The_demo_has_the_plugin_and_the_data_source()
    {
        var grafana = Map(Services("docker/compose.yaml")["grafana"]!["environment"]);
        grafana["GF_INSTALL_PLUGINS"].ShouldMatch($@"^{Plugin} \d+\.\d+\.\d+$");
        Targets.ShouldAllBe(target => (string?)target["datasource"]!["type"] == Plugin && (string?)target["datasource"]!["uid"] == "${datasource}");
        ((string?)Variables["datasource"].Single()["query"]).ShouldBe(Plugin);

        foreach (var (file, header) in new[] { ("docker/grafana/provisioning/datasources/queues.yaml", null), ("docker/grafana/queues.live.yaml", "X-Api-Key") })
        {
            var source = Documents(file).Single()["datasources"]!.AsArray().Single()!;
            ((string?)source["type"]).ShouldBe(Plugin);
            ((string?)source["url"]).ShouldBe($"http://api-1:{ComposeTests.Dockerfile("EXPOSE")}");
            List(source["jsonData"]!["allowedHosts"]).ShouldBe([(string)source["url"]!]);
            ((string?)source["jsonData"]!["httpHeaderName1"]).ShouldBe(header);
        }

        List(Services("docker/compose.live.yaml")["grafana"]!["secrets"]).ShouldContain("grafana-key");
        Repository.Read("docker/grafana/queues.live.yaml").ShouldContain("$__file{/run/secrets/grafana-key}");
        Repository.Read("docs/deployment.md").ShouldContain("docker/secrets/grafana-key");
    }

    /// <summary>Replaces the variables of a query. The interval is one day in Berlin, because midnight is a boundary of every granularity.</summary>
    private static string Filled(string url, string granularity, string mediaType)
    {
        var filled = url
            .Replace("${__from}", "2026-11-17T23:00:00Z", StringComparison.Ordinal)
            .Replace("${__to}", "2026-11-18T23:00:00Z", StringComparison.Ordinal)
            .Replace("${__timezone}", "Europe/Berlin", StringComparison.Ordinal)
            .Replace("${queue}", (string)Variables["queue"].Single()["query"]!, StringComparison.Ordinal)
            .Replace("${mediaType:csv}", mediaType, StringComparison.Ordinal)
            .Replace("${granularity}", granularity, StringComparison.Ordinal);
        filled.ShouldNotContain("$");
        ((string)Variables["granularity"].Single()["query"]!).Split(',').ShouldContain(granularity);
        return filled;
    }
}
