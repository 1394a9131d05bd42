using System.Globalization;
using System.Net;
using System.Text;
using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.Client.Models;
using GenesysAnalyticsApi.Tests.Client.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Client;

/// <summary>
/// When the client repeats a request, and when it does not. The scripted service responds synchronously, so a call has already started its wait when it
/// returns its task.
/// </summary>
public sealed class RetryTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ScriptedService _service = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_request_is_repeated_after_exactly_the_seconds_of_Retry_After(HttpStatusCode status)
    {
        _service.Then(status, headers: ("Retry-After", "20")).Then(HttpStatusCode.OK);
        using var client = _service.Client();

        var call = client.GetAggregatesAsync(cancellationToken: TestCancellation);
        _service.Clock.Advance(TimeSpan.FromSeconds(20) - Tick);
        _service.Requests.Count.ShouldBe(1);
        _service.Clock.Advance(Tick);

        (await call).Meta.Complete.ShouldBeTrue();
        _service.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("2026-11-23T09:16:30Z", 50)]
    [InlineData("2026-11-23T09:15:40Z", 0)]
    public async Task Retry_After_may_be_a_date(string until, int seconds)
    {
        _service.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 23, 9, 15, 40, TimeSpan.Zero));
        var date = DateTimeOffset.Parse(until, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        _service.Then(HttpStatusCode.ServiceUnavailable, headers: ("Retry-After", date)).Then(HttpStatusCode.OK);
        using var client = _service.Client();

        var call = client.GetAggregatesAsync(cancellationToken: TestCancellation);
        if (seconds > 0)
        {
            _service.Clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
            _service.Requests.Count.ShouldBe(1);
            _service.Clock.Advance(Tick);
        }

        (await call).Meta.Complete.ShouldBeTrue();
        _service.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_Retry_After_the_pauses_double()
    {
        _service.Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.ServiceUnavailable).Then(HttpStatusCode.OK);
        using var client = _service.Client();

        var call = client.GetAggregatesAsync(cancellationToken: TestCancellation);
        for (var (attempts, pause) = (1, TimeSpan.FromSeconds(1)); attempts <= 3; (attempts, pause) = (attempts + 1, pause * 2))
        {
            _service.Clock.Advance(pause - Tick);
            _service.Requests.Count.ShouldBe(attempts);
            _service.Clock.Advance(Tick);
            _service.Requests.Count.ShouldBe(attempts + 1);
        }

        (await call).Meta.Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task Retries_end_after_MaxRetries()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _service.Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "0"));
        }

        using var client = _service.Client(options => options.MaxRetries = 2);

        (await Should.ThrowAsync<AnalyticsProblemException>(client.GetAggregatesAsync(cancellationToken: TestCancellation))).Status.ShouldBe(429);

        _service.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_wait_beyond_the_limit_is_not_started_and_the_problem_says_how_long_it_would_be()
    {
        _service.Then(HttpStatusCode.ServiceUnavailable, headers: ("Retry-After", "61"));
        using var client = _service.Client(options => options.MaxRetryTime = TimeSpan.FromSeconds(60));

        var problem = await Should.ThrowAsync<AnalyticsProblemException>(client.GetAggregatesAsync(cancellationToken: TestCancellation));

        problem.Status.ShouldBe(503);
        problem.RetryAfter.ShouldBe(TimeSpan.FromSeconds(61));
        _service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_limit_applies_to_all_waits_of_a_call_together()
    {
        _service.Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "40")).Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "21"));
        using var client = _service.Client(options => options.MaxRetryTime = TimeSpan.FromSeconds(60));

        var call = client.GetAggregatesAsync(cancellationToken: TestCancellation);
        _service.Clock.Advance(TimeSpan.FromSeconds(40));

        (await Should.ThrowAsync<AnalyticsProblemException>(call)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(21));
        _service.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task Other_errors_are_not_repeated(HttpStatusCode status)
    {
        _service.Then(status, headers: ("Retry-After", "1"));
        using var client = _service.Client();

        (await Should.ThrowAsync<AnalyticsProblemException>(client.GetAggregatesAsync(cancellationToken: TestCancellation))).Status.ShouldBe((int)status);

        _service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_POST_that_only_reads_is_repeated_with_its_body()
    {
        var bodies = new List<string>();
        _service.Then(request => Read(request, HttpStatusCode.TooManyRequests)).Then(request => Read(request, HttpStatusCode.OK));
        using var client = _service.Client();

        var call = client.Aggregates.Query.PostAsync(new AggregatesQuery { Last = "PT24H" }, cancellationToken: TestCancellation);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        (await call).ShouldNotBeNull();

        bodies.Count.ShouldBe(2);
        bodies[0].ShouldContain("\"last\":\"PT24H\"");
        bodies[1].ShouldBe(bodies[0]);

        HttpResponseMessage Read(HttpRequestMessage request, HttpStatusCode status)
        {
            // Copies the body without disposing it, as a socket does.
            using var copy = new MemoryStream();
            request.Content!.CopyTo(copy, context: null, TestCancellation);
            bodies.Add(Encoding.UTF8.GetString(copy.ToArray()));
            return new HttpResponseMessage(status) { Content = new StringContent(ScriptedService.NoFigures, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        }
    }

    [Fact]
    public async Task Any_other_POST_is_not_repeated()
    {
        _service.Then(HttpStatusCode.ServiceUnavailable, headers: ("Retry-After", "1"));
        using var client = _service.Client();

        await Should.ThrowAsync<AnalyticsProblemException>(client.Reconciliation.Exports.PostAsync(new MemoryStream(), cancellationToken: TestCancellation));

        _service.Requests.ShouldBe([("POST", "/reconciliation/exports", "")]);
    }

    [Fact]
    public async Task A_cancelled_call_stops_waiting()
    {
        _service.Then(HttpStatusCode.TooManyRequests, headers: ("Retry-After", "30"));
        using var client = _service.Client();
        using var cancellation = new CancellationTokenSource();

        var call = client.GetAggregatesAsync(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        _service.Requests.Count.ShouldBe(1);
    }

    public void Dispose() => _service.Dispose();
}
