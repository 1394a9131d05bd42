using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.Client.Aggregates;
using GenesysAnalyticsApi.SystemTests.Client.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Client;

/// <summary>The client package, tested against the real service.</summary>
public sealed class AnalyticsClientTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_are_typed_and_equal_to_those_on_the_wire()
    {
        await using var given = await SimulatedService.StartAsync();
        using var connected = ConnectedClient.To(given.Service);
        var wire = await given.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H&groupBy=queueId,mediaType&metric=tAlert&totals=true");

        var figures = await connected.Client.GetAggregatesAsync(
            query =>
            {
                (query.From, query.To, query.Totals) = ("2026-11-10", "2026-11-11", true);
                (query.Granularity, query.GroupBy, query.Metric) = (GetGranularityQueryParameterType.PT1H, [GetGroupByQueryParameterType.QueueId, GetGroupByQueryParameterType.MediaType], [GetMetricQueryParameterType.TAlert]);
            },
            TestCancellation);

        var records = wire.GetProperty("records");
        figures.Records.Count.ShouldBe(records.GetArrayLength());
        figures.Records.Count.ShouldBeGreaterThan(20);
        foreach (var (typed, plain) in figures.Records.Zip(records.EnumerateArray()))
        {
            (typed.QueueId, typed.QueueName, typed.MediaType).ShouldBe((Text("queueId"), Text("queueName"), Text("mediaType")));
            (typed.From, typed.To).ShouldBe((plain.GetProperty("from").GetDateTimeOffset(), plain.GetProperty("to").GetDateTimeOffset()));
            (typed.Offered, typed.TotalHandleTimeMs, typed.LongestWaitMs).ShouldBe((Whole("offered"), Whole("totalHandleTimeMs"), Whole("longestWaitMs")));
            (typed.AverageHandleTimeMs, typed.ServiceLevel, typed.AbandonRate).ShouldBe((Number("averageHandleTimeMs"), Number("serviceLevel"), Number("abandonRate")));
            var alerts = plain.GetProperty("metrics").GetProperty("tAlert");
            typed.Metrics.Statistics()["tAlert"].ShouldBe(alerts.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Number).ToDictionary(member => member.Name, member => member.Value.GetDouble()), ignoreOrder: true);
            (typed.Complete, typed.Final).ShouldBe((plain.GetProperty("complete").GetBoolean(), plain.GetProperty("final").GetBoolean()));

            string? Text(string field) => plain.GetProperty(field).GetString();
            long? Whole(string field) => plain.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
            double? Number(string field) => plain.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        }

        var meta = wire.GetProperty("meta");
        (figures.Meta.AsOf, figures.Meta.Complete, figures.Meta.Final, figures.Meta.Stale)
            .ShouldBe((meta.GetProperty("asOf").GetDateTimeOffset(), true, true, false));
        figures.Body.Totals!.Offered.ShouldBe(wire.GetProperty("totals").GetProperty("offered").GetInt64());
        figures.Body.Query!.Granularity.ShouldBe("PT1H");
    }

    [Fact]
    public async Task Warnings_are_read_with_their_code()
    {
        await using var given = await SimulatedService.StartAsync();
        using var connected = ConnectedClient.To(given.Service);

        var figures = await connected.Client.GetAggregatesAsync(query => (query.From, query.To, query.QueueId) = ("2026-11-10", "2026-11-11", [Guid.Empty]), TestCancellation);

        figures.Meta.Warnings.ShouldHaveSingleItem().Code.ShouldBe("unknown-queue");
        figures.Meta.Warnings[0].Message.ShouldContain($"{Guid.Empty}");
    }

    [Fact]
    public async Task A_repeated_call_gets_a_304_and_returns_the_same_figures_with_their_new_age()
    {
        await using var given = await SimulatedService.StartAsync();
        using var connected = ConnectedClient.To(given.Service);
        var first = await DayAsync(connected.Client);
        // The data is fetched again and has not changed.
        given.FakeClock.Advance(TimeSpan.FromHours(25));

        var second = await DayAsync(connected.Client);

        connected.Responses.Select(response => response.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.NotModified]);
        connected.Responses.Last().Condition.ShouldStartWith("W/");
        second.Records.Select(record => (record.QueueId, record.MediaType, record.From, record.Offered, record.ServiceLevel, record.TotalHandleTimeMs))
            .ShouldBe(first.Records.Select(record => (record.QueueId, record.MediaType, record.From, record.Offered, record.ServiceLevel, record.TotalHandleTimeMs)));
        (first.Meta.AsOf, second.Meta.AsOf).ShouldBe((SimulatedService.Monday, SimulatedService.Monday.AddHours(25)));
        second.Meta.ShouldBe(first.Meta with { AsOf = second.Meta.AsOf, Warnings = second.Meta.Warnings });
    }

    [Fact]
    public async Task Callers_with_different_keys_never_share_a_cached_response()
    {
        var keys = new IssuedKeys().Add("all").Add("none", ("Queues:0", "No such queue"));
        await using var given = await SimulatedService.StartAsync(settings: keys.Settings);
        // One client for both, as in an application that forwards the key of its caller.
        var key = keys["all"];
        using var sender = new CurrentKeyHandler(() => key, given.Service.Server.CreateHandler());
        using var http = new HttpClient(sender) { BaseAddress = given.Service.Server.BaseAddress };
        using var client = new AnalyticsClient(http, new AnalyticsClientOptions { TimeProvider = given.Clock });
        (await DayAsync(client)).Records.ShouldNotBeEmpty();
        (await DayAsync(client)).Records.ShouldNotBeEmpty();

        key = keys["none"];
        (await DayAsync(client)).Records.ShouldBeEmpty();
        key = keys["all"];
        (await DayAsync(client)).Records.ShouldNotBeEmpty();

        // Two clients, each with its own key.
        using var all = ConnectedClient.To(given.Service, keys["all"]);
        using var none = ConnectedClient.To(given.Service, keys["none"]);
        await DayAsync(all.Client);
        (await DayAsync(none.Client)).Records.ShouldBeEmpty();
        none.Responses.Single().Condition.ShouldBeEmpty();
    }

    [Fact]
    public async Task Invalid_parameters_throw_an_exception_with_a_message_for_each()
    {
        await using var given = await SimulatedService.StartAsync();
        using var connected = ConnectedClient.To(given.Service);

        var problem = await Should.ThrowAsync<AnalyticsProblemException>(
            connected.Client.GetAggregatesAsync(query => (query.From, query.Sort) = ("never", ["nothing"]), TestCancellation));

        (problem.Type, problem.Status, problem.Title).ShouldBe(("/problems/invalid-request", 400, "The request is invalid."));
        problem.Errors.Keys.ShouldBe(["from", "sort"], ignoreOrder: true);
        problem.Errors["from"].ShouldHaveSingleItem().ShouldContain("'never'");
        problem.TraceId.ShouldNotBeNullOrEmpty();
        problem.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Endpoints_without_a_convenience_method_use_the_same_pipeline()
    {
        await using var given = await SimulatedService.StartAsync();
        using var connected = ConnectedClient.To(given.Service);
        var queue = (await connected.Client.Queues.GetAsync(cancellationToken: TestCancellation))!.Records![0];

        (await connected.Client.Queues[Guid.Parse(queue.Id!)].GetAsync(cancellationToken: TestCancellation))!.Name.ShouldBe(queue.Name);
        var problem = await Should.ThrowAsync<AnalyticsProblemException>(connected.Client.Queues[Guid.Empty].GetAsync(cancellationToken: TestCancellation));

        (problem.Type, problem.Status).ShouldBe(("/problems/unknown-queue", 404));
    }

    [Fact]
    public async Task A_caller_over_its_rate_limit_waits_exactly_as_long_as_the_service_requests()
    {
        var keys = new IssuedKeys().Add("slow", ("RequestsPerMinute", "1"));
        await using var given = await SimulatedService.StartAsync(settings: keys.Settings);
        var waits = new RecordedWaits();
        using var connected = ConnectedClient.To(given.Service, keys["slow"], options => options.TimeProvider = waits);
        await DayAsync(connected.Client);

        var call = DayAsync(connected.Client);
        await Eventually.IsTrueAsync(() => !waits.Begun.IsEmpty, "the client waits");
        waits.Begun.ShouldBe([TimeSpan.FromMinutes(1)]);
        given.FakeClock.Advance(TimeSpan.FromMinutes(1));
        waits.Advance(TimeSpan.FromMinutes(1));

        (await call).Records.ShouldNotBeEmpty();
        connected.Responses.Select(response => response.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.NotModified]);
    }

    [Fact]
    public async Task A_cancelled_call_ends()
    {
        var genesys = new LiveGenesys();
        genesys.ReplyGate.Reset();
        var upstream = genesys.Upstream;
        using var service = new RunningService { Upstream = upstream };
        using var connected = ConnectedClient.To(service);
        using var cancellation = new CancellationTokenSource();

        var call = Task.Run(() => connected.Client.GetObservationsAsync(cancellationToken: cancellation.Token), TestCancellation);
        await Eventually.IsTrueAsync(() => upstream.Requests.Any(address => address.AbsolutePath == LiveGenesys.Conversations), "Genesys receives the request");
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        genesys.ReplyGate.Set();
    }

    private static Task<QueueAggregates> DayAsync(AnalyticsClient client) =>
        client.GetAggregatesAsync(query => (query.From, query.To, query.Granularity) = ("2026-11-10", "2026-11-11", GetGranularityQueryParameterType.PT1H), TestCancellation);

    private sealed class RecordedWaits : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Begun { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Begun.Enqueue(dueTime);
            return timer;
        }
    }

    private sealed class CurrentKeyHandler(Func<string> key, HttpMessageHandler service) : DelegatingHandler(service)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Api-Key", key());
            return base.SendAsync(request, cancellationToken);
        }
    }
}
