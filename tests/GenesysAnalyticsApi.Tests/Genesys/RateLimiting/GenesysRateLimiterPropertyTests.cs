// CsCheck runs each sample synchronously, and tasks that still wait when the limiter is disposed never run again.
#pragma warning disable CA2025

using CsCheck;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Genesys.RateLimiting;

/// <summary>Invariants of the rate limiter for any sequence of requests.</summary>
public sealed class GenesysRateLimiterPropertyTests
{
    [Fact]
    public void No_minute_exceeds_the_limit_however_many_requests_wait() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 10], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30_000]).List[1, 100]).Sample(
            (limit, atOnce, steps) =>
            {
                var clock = new FakeTimeProvider();
                var start = clock.GetTimestamp();
                using var limiter = new GenesysRateLimiter(clock, Options.Create(new GenesysOptions { RequestsPerMinute = limit, MaxConcurrentRequests = atOnce }), new LocalRateLimit());
                var granted = new List<TimeSpan>();
                var running = new Queue<RateLimitLease>();
                var waiting = new List<Task<RateLimitLease>>();
                foreach (var (kind, milliseconds) in steps)
                {
                    // One second at a time, so that the time of a grant is known to the second.
                    for (var second = 0; kind == 0 && second < milliseconds / 1000; second++)
                    {
                        clock.Advance(TimeSpan.FromSeconds(1));
                        CollectGranted();
                    }

                    if (kind == 1 && running.TryDequeue(out var done))
                    {
                        done.Dispose();
                    }

                    if (kind > 1)
                    {
                        waiting.Add(Acquire(limiter, TimeSpan.FromMilliseconds(milliseconds * 5)));
                    }

                    CollectGranted();
                }

                for (var i = limit; i < granted.Count; i++)
                {
                    (granted[i] - granted[i - limit]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(60));
                }

                void CollectGranted()
                {
                    foreach (var grant in waiting.Where(one => one.IsCompletedSuccessfully))
                    {
                        granted.Add(clock.GetElapsedTime(start));
                        running.Enqueue(grant.Result);
                    }

                    waiting.RemoveAll(one => one.IsCompleted);
                    running.Count.ShouldBeLessThanOrEqualTo(atOnce);
                }
            });

    [Fact]
    public void No_minute_exceeds_the_limit_and_every_rejection_states_the_exact_wait() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 90_000].List[1, 150]).Sample((limit, gaps) =>
        {
            var clock = new FakeTimeProvider();
            var start = clock.GetTimestamp();
            using var limiter = new GenesysRateLimiter(clock, Options.Create(new GenesysOptions { RequestsPerMinute = limit, MaxConcurrentRequests = 1000 }), new LocalRateLimit());
            var granted = new List<TimeSpan>();
            foreach (var gap in gaps)
            {
                clock.Advance(TimeSpan.FromMilliseconds(gap % 7 == 0 ? gap : gap % 100));
                var lease = Acquire(limiter, TimeSpan.Zero);
                if (lease.IsCompletedSuccessfully)
                {
                    granted.Add(clock.GetElapsedTime(start));
                }
                else
                {
                    var wait = ((GenesysException)lease.Exception!.InnerException!).Failure.RetryAfter!.Value;
                    clock.Advance(wait - TimeSpan.FromTicks(1));
                    Acquire(limiter, TimeSpan.Zero).IsFaulted.ShouldBeTrue("the stated wait has not passed");
                    clock.Advance(TimeSpan.FromTicks(1));
                    Acquire(limiter, TimeSpan.Zero).IsCompletedSuccessfully.ShouldBeTrue("the stated wait has passed");
                    granted.Add(clock.GetElapsedTime(start));
                }
            }

            for (var i = limit; i < granted.Count; i++)
            {
                (granted[i] - granted[i - limit]).ShouldBeGreaterThan(TimeSpan.FromSeconds(60));
            }
        });

    private static Task<RateLimitLease> Acquire(GenesysRateLimiter limiter, TimeSpan patience)
    {
        try
        {
            return limiter.AcquireAsync(RequestOrigin.Anonymous, patience, CancellationToken.None);
        }
        catch (GenesysException rejected)
        {
            return Task.FromException<RateLimitLease>(rejected);
        }
    }
}
