using System.Globalization;
using System.Net;
using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.Pipeline;

public sealed class GenesysResiliencePipelineTests : IDisposable
{
    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private TimeSpan Pause => _driver.Genesys.Requests.Last().At - _driver.Genesys.Requests.First().At;

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(504)]
    public async Task A_transient_failure_is_retried(int status)
    {
        _driver.Genesys.Reply((HttpStatusCode)status, "<html>");
        _driver.Genesys.Ok(Wire.OneQueue);

        (await _driver.QueryToCompletionAsync()).Calls.ShouldBe(2);
        _driver.Limiter.State.Used.ShouldBe(2, "each attempt takes a lease");
    }

    [Fact]
    public async Task A_broken_connection_and_a_broken_reply_are_retried()
    {
        _driver.Genesys.Fail(new HttpRequestException(HttpRequestError.ConnectionError));
        _driver.Genesys.Ok(Wire.OneQueue[..100]);
        _driver.Genesys.Replies.Enqueue((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(new BrokenStream(Encoding.UTF8.GetBytes(Wire.OneQueue[..50]))),
        }));
        _driver.Genesys.Ok(Wire.OneQueue);

        (await _driver.QueryToCompletionAsync()).Calls.ShouldBe(4);
    }

    [Fact]
    public async Task Retries_are_limited()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.ServiceUnavailable, "");

        var failed = await _driver.FailToCompletionAsync();

        failed.Calls.ShouldBe(GenesysBackoff.MaxRetries + 1);
        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        failed.Failure.Status.ShouldBe(503);
    }

    [Fact]
    public async Task A_RetryAfter_in_seconds_is_respected()
    {
        _driver.Genesys.Reply(HttpStatusCode.TooManyRequests, with: response => Wire.RetryAfter(response, "20"));
        _driver.Genesys.Ok(Wire.OneQueue);

        await _driver.QueryToCompletionAsync();

        Pause.ShouldBeInRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_RetryAfter_date_is_respected_on_the_local_clock()
    {
        var date = _driver.Clock.GetUtcNow().AddSeconds(10).ToString("R", CultureInfo.InvariantCulture);
        _driver.Genesys.Reply(HttpStatusCode.ServiceUnavailable, with: response => Wire.RetryAfter(response, date));
        _driver.Genesys.Ok(Wire.OneQueue);

        await _driver.QueryToCompletionAsync();

        Pause.ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData("Mon, 05 Jan 2026 11:00:00 GMT")] // in the past
    [InlineData("soon")]
    [InlineData("0")]
    public async Task An_unusable_RetryAfter_is_ignored(string retryAfter)
    {
        _driver.Genesys.Reply(HttpStatusCode.ServiceUnavailable, with: response => Wire.RetryAfter(response, retryAfter));
        _driver.Genesys.Ok(Wire.OneQueue);

        await _driver.QueryToCompletionAsync();

        Pause.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(429, nameof(GenesysFailureKind.RateLimited))]
    [InlineData(503, nameof(GenesysFailureKind.Unavailable))]
    public async Task A_RetryAfter_of_hours_fails_immediately_and_for_every_caller(int status, string expected)
    {
        _driver.Genesys.Reply((HttpStatusCode)status, with: response => Wire.RetryAfter(response, "7200"));

        var first = await _driver.FailToCompletionAsync();
        var second = await Should.ThrowAsync<GenesysException>(() => _driver.QueryAsync(TestCancellation));

        first.Failure.Kind.ToString().ShouldBe(expected);
        first.Failure.RetryAfter.ShouldBe(TimeSpan.FromHours(2));
        second.Failure.Kind.ToString().ShouldBe(expected);
        second.Failure.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        second.Calls.ShouldBe(0);
        _driver.Genesys.Requests.ShouldHaveSingleItem();

        _driver.Clock.Advance(TimeSpan.FromMinutes(1));
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, Wire.OneQueue);
        await _driver.QueryAsync(TestCancellation);
        await _driver.QueryAsync(TestCancellation);
    }

    [Fact]
    public void The_backoff_grows_and_stays_within_its_bounds() =>
        Gen.Select(Gen.Int[0, 40], Gen.Double[0, 1], Gen.Int[0, 600]).Sample((retry, random, retryAfter) =>
        {
            var plain = GenesysBackoff.Delay(new(GenesysFailureKind.Unavailable, ""), retry, random);
            var least = Math.Min(0.25 * Math.Pow(2, retry), GenesysBackoff.MaxDelay.TotalSeconds / 2);
            plain.TotalSeconds.ShouldBeInRange(least - 0.001, (least * 2) + 0.001);

            var withRetryAfter = GenesysBackoff.Delay(new(GenesysFailureKind.RateLimited, "", RetryAfter: TimeSpan.FromSeconds(retryAfter)), retry, random);
            withRetryAfter.TotalSeconds.ShouldBeInRange(retryAfter, Math.Max(retryAfter * 1.1, GenesysBackoff.MaxDelay.TotalSeconds) + 0.001);
        });

    [Fact]
    public async Task An_exhausted_rate_limit_fails_without_a_request()
    {
        using var driver = new GatewayDriver(options => options.RequestsPerMinute = 1);
        driver.Genesys.Ok(Wire.OneQueue);
        await driver.QueryAsync(TestCancellation);

        var failed = await Should.ThrowAsync<GenesysException>(() => driver.QueryAsync(TestCancellation));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.RateLimited);
        failed.Failure.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(61));
        failed.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task The_request_count_of_Genesys_is_respected()
    {
        _driver.Genesys.Reply(HttpStatusCode.OK, Wire.OneQueue, response => Wire.Limits(response, 300, 300, 50));
        await _driver.QueryAsync(TestCancellation);

        var failed = await Should.ThrowAsync<GenesysException>(() => _driver.QueryAsync(TestCancellation));

        failed.Failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task The_circuit_breaker_opens_on_failures_and_closes_again()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.ServiceUnavailable, "");
        _driver.Resilience.IsBreakerClosed.ShouldBeTrue();
        while (_driver.Resilience.IsBreakerClosed)
        {
            await _driver.FailAsync();
        }

        var calls = _driver.Genesys.Requests.Count;
        var failed = await Should.ThrowAsync<GenesysException>(() => _driver.QueryAsync(TestCancellation));
        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        failed.Failure.RetryAfter.ShouldNotBeNull();
        _driver.Genesys.Requests.Count.ShouldBe(calls);

        _driver.Clock.Advance(TimeSpan.FromSeconds(16));
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, Wire.OneQueue);
        await _driver.QueryAsync(TestCancellation);
        _driver.Resilience.IsBreakerClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(400)]
    [InlineData(403)]
    public async Task Failures_unrelated_to_the_health_of_Genesys_do_not_open_the_circuit_breaker(int status)
    {
        // Retry-After exceeds the deadline, so nothing is retried and all thirty failures lie within one sampling period of the circuit breaker.
        using var driver = new GatewayDriver(options => options.TotalTimeout = TimeSpan.FromSeconds(20));
        driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response((HttpStatusCode)status, "", response => Wire.RetryAfter(response, "29"));

        for (var i = 0; i < 30; i++)
        {
            await driver.FailAsync();
        }

        driver.Resilience.IsBreakerClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Concurrent_requests_are_limited()
    {
        using var driver = new GatewayDriver(options => options.MaxConcurrentRequests = 2);
        var release = new TaskCompletionSource();
        for (var i = 0; i < 6; i++)
        {
            driver.Genesys.Replies.Enqueue(async (_, _) =>
            {
                await release.Task;
                return FakeGenesysHandler.Response(HttpStatusCode.OK, Wire.OneQueue);
            });
        }

        var pending = Enumerable.Range(0, 6).Select(_ => driver.QueryAsync(TestCancellation)).ToList();
        await GatewayDriver.SettleAsync();
        driver.Genesys.Requests.Count.ShouldBe(2);

        release.SetResult();
        await Task.WhenAll(pending);
    }

    public void Dispose() => _driver.Dispose();

    /// <summary>A connection that is reset in the middle of the body.</summary>
    private sealed class BrokenStream(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new HttpIOException(HttpRequestError.ResponseEnded);
    }
}
