using System.Collections.Concurrent;
using System.Text;
using GenesysAnalyticsApi.Tests.Sharing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace GenesysAnalyticsApi.Tests.Operations;

/// <summary>What a collector gets, over its own protocol.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_gets_metrics_and_traces_with_the_name_of_the_service()
    {
        var got = new ConcurrentDictionary<string, string>();
        await using var collector = WebApplication.CreateSlimBuilder().Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            // Protobuf has texts as they are.
            var text = Encoding.Latin1.GetString(body.ToArray());
            got.AddOrUpdate(signal, text, (_, before) => before + text);
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);

        await using (var given = await SimulatedService.StartAsync(settings: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=planted-collector-key",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["Auth:Metrics"] = "Off",
        }))
        {
            await given.AskAsync("/aggregates?from=2026-11-10&to=2026-11-11");
            // The request is the last of its spans to end.
            await Eventually.IsTrueAsync(() => got.GetValueOrDefault("traces", "").Contains("GET /aggregates", StringComparison.Ordinal), "traces come in");
            given.Service.Log.AsJson().ShouldNotContain("planted-collector-key");
        }

        got["traces"].ShouldContain("genesys-analytics-api");
        got["traces"].ShouldContain("slice flight");
        got["traces"].ShouldContain("genesys.correlation_id");
        // Sent when the service stops, at the latest.
        got["metrics"].ShouldContain("genesys_analytics.slices");
    }
}
