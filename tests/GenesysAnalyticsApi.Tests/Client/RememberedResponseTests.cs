using System.Net;
using GenesysAnalyticsApi.Client.Pipeline;
using GenesysAnalyticsApi.Tests.Client.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Client;

/// <summary>Which responses the client remembers, for whom, and how many.</summary>
public sealed class RememberedResponseTests : IDisposable
{
    private readonly ScriptedService _service = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_304_gives_the_remembered_figures_with_the_time_in_its_header()
    {
        _service.Then(HttpStatusCode.OK, headers: ("ETag", "W/\"one\"")).Then(NotModified(("X-Data-As-Of", "2026-11-23T09:45:00Z")));
        using var client = _service.Client();

        var first = await client.GetAggregatesAsync(cancellationToken: TestCancellation);
        var second = await client.GetAggregatesAsync(cancellationToken: TestCancellation);

        _service.Requests.Select(request => request.Condition).ShouldBe(["", "W/\"one\""]);
        second.Body.Query!.Interval.ShouldBe("a/b");
        (first.Meta.AsOf, second.Meta.AsOf).ShouldBe((new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 23, 9, 45, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("no-store", "application/json")]
    [InlineData("private, max-age=5", "text/csv")]
    public async Task A_response_with_no_store_or_without_JSON_is_not_remembered(string cacheControl, string type)
    {
        for (var time = 0; time < 2; time++)
        {
            _service.Then(HttpStatusCode.OK, type: type, headers: [("ETag", "W/\"one\""), ("Cache-Control", cacheControl)]);
        }

        using var sender = new HttpMessageInvoker(new ConditionalRequestHandler(new RememberedResponses(10, 1_000)) { InnerHandler = _service });

        for (var time = 0; time < 2; time++)
        {
            using var response = await sender.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://analytics.test/aggregates"), TestCancellation);
            (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldBe(ScriptedService.NoFigures);
        }

        _service.Requests.ShouldAllBe(request => request.Condition.Length == 0);
    }

    [Fact]
    public async Task Observations_are_not_remembered_because_their_waits_grow()
    {
        const string Empty = """{"query":{},"records":[],"warnings":[],"meta":{"asOf":"2026-11-23T09:15:00Z","complete":true,"stale":false}}""";
        _service.Then(HttpStatusCode.OK, Empty, headers: ("ETag", "W/\"one\"")).Then(HttpStatusCode.OK, Empty, headers: ("ETag", "W/\"one\""));
        using var client = _service.Client();

        await client.GetObservationsAsync(cancellationToken: TestCancellation);
        await client.GetObservationsAsync(cancellationToken: TestCancellation);

        _service.Requests.ShouldAllBe(request => request.Condition.Length == 0);
    }

    [Fact]
    public async Task A_caller_never_gets_the_response_of_another_even_if_the_application_adds_the_credentials()
    {
        var sender = new ChangingCaller { Key = "first" };
        _service.Then(HttpStatusCode.OK, headers: ("ETag", "W/\"one\"")).Then(NotModified()).Then(NotModified())
            .Then(HttpStatusCode.OK, ScriptedService.NoFigures.Replace("a/b", "c/d", StringComparison.Ordinal), headers: ("ETag", "W/\"one\""));
        using var client = _service.Client(handler: sender);

        await client.GetAggregatesAsync(cancellationToken: TestCancellation);
        (await client.GetAggregatesAsync(cancellationToken: TestCancellation)).Body.Query!.Interval.ShouldBe("a/b");
        sender.Key = "second";
        (await client.GetAggregatesAsync(cancellationToken: TestCancellation)).Body.Query!.Interval.ShouldBe("c/d");

        _service.Requests.Select(request => request.Condition).ShouldBe(["", "W/\"one\"", "W/\"one\"", ""]);
    }

    [Fact]
    public void The_least_recently_used_are_dropped_when_there_are_too_many()
    {
        var responses = new RememberedResponses(maxResponses: 2, maxBytes: 1_000);
        responses.Remember(Key("a"), Response(10));
        responses.Remember(Key("b"), Response(10));
        responses.Find(Key("a")).ShouldNotBeNull();

        responses.Remember(Key("c"), Response(10));

        Known(responses).ShouldBe(["a", "c"]);
    }

    [Fact]
    public void The_least_recently_used_are_dropped_when_they_are_too_large()
    {
        var responses = new RememberedResponses(maxResponses: 10, maxBytes: 100);
        responses.Remember(Key("a"), Response(40));
        responses.Remember(Key("b"), Response(60));
        Known(responses).ShouldBe(["a", "b"]);

        responses.Remember(Key("c"), Response(41));
        Known(responses).ShouldBe(["c"]);
        responses.Remember(Key("d"), Response(101));
        Known(responses).ShouldBe(["c"]);
        responses.Remember(Key("c"), Response(100));
        responses.Remember(Key("c"), Response(30));
        responses.Remember(Key("a"), Response(70));
        Known(responses).ShouldBe(["a", "c"]);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 0)]
    public async Task Nothing_is_remembered_if_the_limit_is_zero(int responses, int bytes)
    {
        _service.Then(HttpStatusCode.OK, headers: ("ETag", "W/\"one\"")).Then(HttpStatusCode.OK, headers: ("ETag", "W/\"one\""));
        using var client = _service.Client(options => (options.MaxRememberedResponses, options.MaxRememberedBytes) = (responses, bytes));

        await client.GetAggregatesAsync(cancellationToken: TestCancellation);
        await client.GetAggregatesAsync(cancellationToken: TestCancellation);

        _service.Requests.ShouldAllBe(request => request.Condition.Length == 0);
    }

    public void Dispose() => _service.Dispose();

    private static Func<HttpRequestMessage, HttpResponseMessage> NotModified(params (string Name, string Value)[] headers) => _ =>
    {
        var response = new HttpResponseMessage(HttpStatusCode.NotModified);
        Array.ForEach(headers, header => response.Headers.Add(header.Name, header.Value));
        return response;
    };

    private static ResponseKey Key(string address) => new(address, "", "");

    private static RememberedResponse Response(int bytes) => new("W/\"one\"", "", new byte[bytes], []);

    private static IEnumerable<string> Known(RememberedResponses responses) => new[] { "a", "b", "c", "d" }.Where(address => responses.Find(Key(address)) is not null);

    private sealed class ChangingCaller : DelegatingHandler
    {
        public required string Key { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Api-Key", Key);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
