using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>If Genesys never replies, waiting callers get a response exactly when <c>Aggregates:Timeout</c> has passed.</summary>
public sealed class DeadlineTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly CountingClock _clock = new();
    private readonly BlockingGateway _genesys = new();
    private readonly RecordedTrace _trace = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _trace.Dispose();

    [Fact]
    public async Task Without_any_data_the_response_is_504_at_the_deadline()
    {
        using var service = Service();
        using var client = service.CreateClient();
        await client.GetAsync("/queues", TestCancellation);
        _genesys.Hold();

        using var response = await QueryUntilDeadlineAsync(client, "/aggregates?from=2026-11-02&to=2026-11-03&granularity=PT1H", () => _genesys.Requests == 1);

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Genesys did not respond within 10 s (Aggregates:Timeout).");
    }

    [Fact]
    public async Task Available_slices_are_returned_at_the_deadline_with_the_missing_ones_listed()
    {
        using var service = Service();
        using var client = service.CreateClient();
        await client.GetAsync("/queues", TestCancellation);
        (await client.GetAsync("/aggregates?from=2026-11-02&to=2026-11-03&granularity=PT1H", TestCancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _genesys.Hold();

        using var response = await QueryUntilDeadlineAsync(client, "/aggregates?from=2026-11-02&to=2026-11-04&granularity=PT1H", () => _genesys.Requests == 2);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var meta = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation)).GetProperty("meta");
        meta.GetProperty("complete").GetBoolean().ShouldBeFalse();
        meta.GetProperty("failedSlices").EnumerateArray().Single().GetProperty("from").GetString().ShouldBe("2026-11-03T00:00:00Z");
    }

    [Fact]
    public async Task A_query_by_queue_name_waits_for_the_listing_only_until_the_deadline()
    {
        _genesys.HoldListing();
        using var service = Service();
        using var client = service.CreateClient();

        using var response = await QueryUntilDeadlineAsync(client, "/aggregates?from=2026-11-02&to=2026-11-03&queue=Sales", () => true);

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Genesys did not respond within 10 s (Aggregates:Timeout).");
    }

    [Fact]
    public async Task Figures_wait_for_queue_names_only_until_the_deadline_and_are_then_returned_without_them()
    {
        _genesys.HoldListing();
        using var service = Service();
        using var client = service.CreateClient();

        using var response = await QueryUntilDeadlineAsync(client, "/aggregates?from=2026-11-02&to=2026-11-03&granularity=PT1H", () => _trace.Spans.Any(span => span.OperationName == "slice"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var meta = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation)).GetProperty("meta");
        meta.GetProperty("complete").GetBoolean().ShouldBeTrue();
        meta.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()).ShouldContain("queue-directory-unavailable");
    }

    private async Task<HttpResponseMessage> QueryUntilDeadlineAsync(HttpClient client, string query, Func<bool> waits)
    {
        var before = _clock.Deadlines;
        var pending = client.SendAsync(_trace.Request(query), TestCancellation);
        await Eventually.IsTrueAsync(() => _clock.Deadlines > before && waits(), "the request waits");
        _clock.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        pending.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return await pending.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestCancellation);
    }

    private RunningService Service() => new()
    {
        Clock = _clock,
        Settings = new() { ["Aggregates:Timeout"] = Timeout.ToString("c") },
        Replace = services => services.AddSingleton<IGenesysGateway>(_genesys),
    };

    /// <summary>Counts the timers that were created for deadlines.</summary>
    private sealed class CountingClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero))
    {
        private int _deadlines;

        public int Deadlines => Volatile.Read(ref _deadlines);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Add(ref _deadlines, dueTime == Timeout ? 1 : 0);
            return timer;
        }
    }
}
