using System.Net;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.RateLimiting;

/// <summary>The real gateway with a fake Genesys that enforces its limit exactly. The gateway must never exceed the limit.</summary>
public sealed class RateLimiterCapacityTests
{
    private const int Limit = 25;

    [Theory]
    [InlineData(300, true)] // learned from the headers
    [InlineData(25, false)] // configured
    public async Task Sixty_concurrent_requests_cause_no_429(int requestsPerMinute, bool announcesLimit)
    {
        using var driver = new GatewayDriver(options =>
            (options.RequestsPerMinute, options.TotalTimeout) = (requestsPerMinute, TimeSpan.FromMinutes(10)));
        var genesys = new StrictGenesys(announcesLimit);
        driver.Genesys.DefaultReply = genesys.Reply;

        var pending = Enumerable.Range(0, 60).Select(i => driver.Gateway.QueryAggregatesAsync(Request(i), CancellationToken.None)).ToList();
        await PumpAsync(driver, genesys, pending);

        genesys.Rejected.ShouldBe(0);
        (await Task.WhenAll(pending)).ShouldAllBe(reply => reply.Calls == 1);
        driver.Genesys.Requests.Select(sent => sent.Body).Distinct().Count().ShouldBe(60);
    }

    private static AggregatesRequest Request(int number) => GatewayDriver.Request with
    {
        QueueIds = [$"00000000-0000-4000-8000-{number:x12}"],
        Origin = new($"caller {number % 3}", IsBackground: false),
    };

    /// <summary>Advances the clock only while every pending request waits for a lease, because nothing else can happen then.</summary>
    private static async Task PumpAsync(GatewayDriver driver, StrictGenesys genesys, List<Task<AggregatesReply>> pending)
    {
        var start = driver.Clock.GetTimestamp();
        while (pending.Exists(one => !one.IsCompleted) && genesys.Rejected == 0)
        {
            if (driver.Limiter.Waiting == pending.Count(one => !one.IsCompleted))
            {
                driver.Clock.Advance(TimeSpan.FromMilliseconds(250));
            }

            await Task.Yield();
            driver.Clock.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(5), "the requests never complete");
        }
    }

    /// <summary>Accepts at most 25 requests in any minute, and replies with 429 to the others.</summary>
    private sealed class StrictGenesys(bool announcesLimit)
    {
        private readonly Lock _gate = new();
        private readonly Queue<Instant> _accepted = new();

        public int Rejected { get; private set; }

        public HttpResponseMessage Reply(Sent sent)
        {
            lock (_gate)
            {
                var now = Instant.FromDateTimeOffset(sent.At);
                while (_accepted.TryPeek(out var oldest) && now - oldest >= Duration.FromMinutes(1))
                {
                    _accepted.Dequeue();
                }

                if (_accepted.Count == Limit)
                {
                    Rejected++;
                    return FakeGenesysHandler.Response(HttpStatusCode.TooManyRequests, "", response => Wire.RetryAfter(response, "5"));
                }

                _accepted.Enqueue(now);
                return FakeGenesysHandler.Response(HttpStatusCode.OK, Wire.OneQueue, response =>
                {
                    if (announcesLimit)
                    {
                        response.Headers.Add("inin-ratelimit-allowed", $"{Limit}");
                    }
                });
            }
        }
    }
}
