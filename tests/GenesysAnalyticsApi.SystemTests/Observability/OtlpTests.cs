using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Observability;

/// <summary>What a collector receives over OTLP.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_receives_metrics_and_traces_with_the_service_name()
    {
        using var collector = new Collector();
        await using var given = await SimulatedService.StartAsync(settings: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=planted-collector-key",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["Auth:Metrics"] = "Off",
        });

        await given.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-11");

        foreach (var text in new[] { "GET /aggregates", "slice flight", "genesys.correlation_id", "genesys-analytics-api" })
        {
            await Eventually.IsTrueAsync(() => collector.HasReceived("/v1/traces", text), $"'{text}' arrives; a span is sent when it ends");
        }

        await Eventually.IsTrueAsync(() => collector.HasReceived("/v1/metrics", "genesys_analytics.slices"), "metrics arrive");
        collector.HasReceived("api-key", "planted-collector-key").ShouldBeTrue();
        given.Service.Log.AsJson().ShouldNotContain("planted-collector-key");
    }
}
