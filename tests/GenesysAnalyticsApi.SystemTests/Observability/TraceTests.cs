using System.Diagnostics;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Observability;

/// <summary>A trace leads from the caller's request down to the Genesys request, and its id is in the log and the response.</summary>
public sealed class TraceTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11";
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trace_leads_from_the_request_through_the_slice_to_the_Genesys_correlation_id()
    {
        using var trace = new RecordedTrace();
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");

        using var response = await given.Client.SendAsync(trace.Request(Day), TestCancellation);

        response.EnsureSuccessStatusCode();
        var slice = trace.One("slice");
        var flight = trace.One("slice flight");
        var call = trace.One("genesys aggregates");
        var attempt = trace.One("POST aggregates");
        flight.ParentSpanId.ShouldBe(slice.SpanId);
        call.ParentSpanId.ShouldBe(flight.SpanId);
        attempt.ParentSpanId.ShouldBe(call.SpanId);
        trace.One("genesys permit").ParentSpanId.ShouldBe(call.SpanId);
        (slice.GetTagItem("slice.from"), slice.GetTagItem("slice.outcome"), flight.GetTagItem("slice.outcome")).ShouldBe(("2026-11-01T00:00:00Z", "landed", "fetched"));

        var received = given.Simulator.Calls.Last(one => one.Path.StartsWith(Aggregates, StringComparison.Ordinal));
        attempt.Kind.ShouldBe(ActivityKind.Client);
        (attempt.GetTagItem("genesys.correlation_id"), attempt.GetTagItem("http.response.status_code")).ShouldBe((received.CorrelationId, 200));
        received.Headers.Keys.ShouldNotContain(name => name.Equals("traceparent", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_query_that_joins_a_fetch_links_to_its_span()
    {
        using var first = new RecordedTrace();
        using var second = new RecordedTrace();
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.Slow, "5", 1, Aggregates));
        await given.QueryAsync("/queues");

        var pending = given.Client.SendAsync(first.Request(Day), TestCancellation);
        await Eventually.IsTrueAsync(() => first.HasStarted("POST aggregates"), "Genesys receives the request");
        var joining = given.Client.SendAsync(second.Request(Day + "&groupBy=none"), TestCancellation);
        await Eventually.IsTrueAsync(() => second.HasStarted("slice"), "the second query waits too");
        given.FakeClock.Advance(TimeSpan.FromSeconds(6));
        (await pending).EnsureSuccessStatusCode();
        (await joining).EnsureSuccessStatusCode();

        second.Spans.ShouldNotContain(span => span.DisplayName == "slice flight");
        second.One("slice").Links.Single().Context.SpanId.ShouldBe(first.One("slice flight").SpanId);
    }

    [Fact]
    public async Task A_failure_has_the_same_id_in_the_trace_the_log_and_the_response()
    {
        using var trace = new RecordedTrace();
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.MissingPermission, null, null, Aggregates));

        using var response = await given.Client.SendAsync(trace.Request(Day), TestCancellation);

        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
        var id = problem.GetProperty("upstream").GetProperty("correlationId").GetString();
        problem.GetProperty("traceId").GetString().ShouldBe(trace.TraceId.ToHexString());
        var attempt = trace.One("POST aggregates");
        (attempt.Status, attempt.GetTagItem("error.type"), attempt.GetTagItem("genesys.correlation_id")).ShouldBe((ActivityStatusCode.Error, "403", id));
        trace.One("genesys aggregates").GetTagItem("error.type").ShouldBe("403");

        var lines = given.Service.Log.Events.Where(line => line.TraceId == trace.TraceId).ToList();
        lines.ShouldContain(line => IsEvent(line, 4001), "the line of the slice");
        lines.ShouldContain(line => IsEvent(line, 2100) && RecordedLog.Text(line).Contains(id!, StringComparison.Ordinal), "the line of the response");
        lines.ShouldContain(line => line.Properties.ContainsKey("RequestPath"), "the line of the request");
        RecordedLog.Json(lines[0]).ShouldContain($"\"@tr\":\"{trace.TraceId}\"");
    }

    [Fact]
    public async Task Retries_are_attempts_below_one_call()
    {
        using var trace = new RecordedTrace();
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.RevokedToken, null, 1, Aggregates));
        await given.QueryAsync("/queues");

        using var response = await given.Client.SendAsync(trace.Request(Day), TestCancellation);

        response.EnsureSuccessStatusCode();
        var attempts = trace.Spans.Where(span => span.DisplayName == "POST aggregates").OrderBy(span => span.StartTimeUtc).ToList();
        attempts.Select(attempt => attempt.GetTagItem("http.response.status_code")).ShouldBe([401, 200]);
        attempts.Select(attempt => attempt.GetTagItem("http.request.resend_count")).ShouldBe([null, 1]);
        attempts.ShouldAllBe(attempt => attempt.ParentSpanId == trace.One("genesys aggregates").SpanId);
        trace.Spans.ShouldContain(span => span.DisplayName == "POST token");
    }

    [Fact]
    public async Task No_span_contains_a_secret()
    {
        using var trace = new RecordedTrace();
        await using var given = await SimulatedService.StartAsync();

        using var response = await given.Client.SendAsync(trace.Request(Day), TestCancellation);

        var token = given.Simulator.Calls[^1].Headers.Single(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).Value.Split(' ')[1];
        string.Join('\n', trace.Spans.SelectMany(span => span.TagObjects).Select(tag => $"{tag.Key}={tag.Value}")).ShouldNotContain(token);
    }

    private static bool IsEvent(LogEvent line, int id) =>
        line.Properties.TryGetValue("EventId", out var value) && value.ToString().Contains($"Id: {id}", StringComparison.Ordinal);
}
