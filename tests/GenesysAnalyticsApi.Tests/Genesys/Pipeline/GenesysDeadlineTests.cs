using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.Pipeline;

/// <summary>The time limits of an attempt and of a request with all its attempts.</summary>
public sealed class GenesysDeadlineTests : IDisposable
{
    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hanging_attempt_is_cancelled_and_retried_once()
    {
        _driver.Genesys.Hang();
        _driver.Genesys.Hang();
        _driver.Genesys.Hang();

        var failed = await _driver.FailToCompletionAsync();

        failed.Calls.ShouldBe(2);
        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Timeout);
    }

    [Fact]
    public async Task A_stalling_body_is_cancelled_too()
    {
        for (var i = 0; i < 2; i++)
        {
            _driver.Genesys.Replies.Enqueue((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StreamContent(new StallingStream(_driver.Clock)),
            }));
        }

        (await _driver.FailAsync()).Kind.ShouldBe(GenesysFailureKind.Timeout);
    }

    [Fact]
    public async Task The_deadline_ends_the_request()
    {
        using var driver = new GatewayDriver(options => options.TotalTimeout = TimeSpan.FromSeconds(10));
        driver.Genesys.Hang();
        var start = driver.Clock.GetUtcNow();

        (await driver.FailAsync()).Kind.ShouldBe(GenesysFailureKind.Timeout);

        (driver.Clock.GetUtcNow() - start).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(14));
    }

    [Fact]
    public async Task A_wait_beyond_the_deadline_is_not_started()
    {
        using var driver = new GatewayDriver(options => options.TotalTimeout = TimeSpan.FromSeconds(10));
        driver.Genesys.Reply(HttpStatusCode.TooManyRequests, with: response => Wire.RetryAfter(response, "12"));

        var failed = await Should.ThrowAsync<GenesysException>(() => driver.QueryAsync(TestCancellation));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.RateLimited);
        failed.Failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(12));
    }

    public void Dispose() => _driver.Dispose();

    /// <summary>A body that sends a few bytes and then stalls.</summary>
    private sealed class StallingStream(TimeProvider clock) : MemoryStream("{"u8.ToArray())
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                return read;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
            return 0;
        }
    }
}
