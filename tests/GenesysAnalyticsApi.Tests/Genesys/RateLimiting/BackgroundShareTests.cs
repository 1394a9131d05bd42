using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Genesys.RateLimiting;

/// <summary>How much of the limits background work leaves to queries, and when it gets the priority of a query.</summary>
public sealed class BackgroundShareTests : IDisposable
{
    private static readonly RequestOrigin Busy = new("busy", IsBackground: false);
    private static readonly RequestOrigin Modest = new("modest", IsBackground: false);

    private readonly FakeTimeProvider _clock = new();
    private readonly GenesysOptions _options = new() { RequestsPerMinute = 20, MaxConcurrentRequests = 1000 };
    private readonly GenesysRateLimiter _limiter;

    public BackgroundShareTests() => _limiter = new(_clock, Options.Create(_options), new LocalRateLimit());

    [Fact]
    public void A_tenth_rounded_up_is_reserved_for_interactive_requests()
    {
        _options.RequestsPerMinute = 25;

        var background = Acquire(RequestOrigin.Service, 30);
        var interactive = Acquire(Modest, 4);

        background.Count(one => one.IsCompleted).ShouldBe(22);
        interactive.Count(one => one.IsCompleted).ShouldBe(3);
    }

    /// <summary>When a query joins a fetch of background work, the pending request and all later requests of the fetch get the priority of a query.</summary>
    [Fact]
    public void A_background_request_that_a_query_waits_for_is_promoted()
    {
        _options.RequestsPerMinute = 25;
        using var awaited = new CancellationTokenSource();
        Acquire(RequestOrigin.Service, 22);
        var others = Acquire(RequestOrigin.Service, 3);
        var promoted = Acquire(RequestOrigin.Service with { Awaited = awaited.Token }, 2);
        promoted.ShouldAllBe(one => !one.IsCompleted);

        awaited.Cancel();

        promoted.ShouldAllBe(one => one.IsCompletedSuccessfully);
        Acquire(RequestOrigin.Service with { Awaited = awaited.Token }, 1)[0].IsCompletedSuccessfully.ShouldBeTrue();
        others.ShouldAllBe(one => !one.IsCompleted);
        Acquire(Busy, 1)[0].IsCompleted.ShouldBeFalse("all 25 are used");
    }

    [Theory]
    [InlineData(8, 6)]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    public void Background_work_leaves_a_quarter_of_the_connections(int connections, int expected)
    {
        _options.MaxConcurrentRequests = connections;

        Acquire(RequestOrigin.Service, 10).Count(one => one.IsCompleted).ShouldBe(expected);
        Acquire(Busy, 10).Count(one => one.IsCompleted).ShouldBe(connections - expected);
    }

    [Theory]
    [InlineData(0, 270, 0)]
    [InlineData(0, 271, 20)]
    [InlineData(270, 1, 20)]
    [InlineData(270, 271, 80)]
    [InlineData(300, 541, 140)]
    public void The_wait_of_background_requests_is_estimated_from_the_rest_of_the_limit(int used, int calls, int seconds) =>
        new RateLimitState(used, 300, 20).WaitFor(calls).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void The_smallest_limit_leaves_one_request_for_background_work()
    {
        _options.RequestsPerMinute = 1;

        Acquire(RequestOrigin.Service, 1)[0].IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Background_work_waits_for_all_interactive_requests_and_is_rejected_if_that_takes_too_long()
    {
        Acquire(Busy, 20);
        var background = Acquire(RequestOrigin.Service, 1, TimeSpan.FromSeconds(70))[0];
        var interactive = Acquire(Busy, 17);
        background.IsCompleted.ShouldBeFalse();

        interactive.AddRange(Acquire(Modest, 1));

        background.IsFaulted.ShouldBeTrue("18 of the next 20 are taken, two are reserved");
        FailureOf(background).RetryAfter.ShouldBe(2 * SlidingWindow.Length);
        _clock.Advance(TimeSpan.FromSeconds(61));
        interactive.ShouldAllBe(one => one.IsCompletedSuccessfully);
    }

    public void Dispose() => _limiter.Dispose();

    private static GenesysFailure FailureOf(Task<RateLimitLease> rejected) =>
        rejected.Exception!.InnerException.ShouldBeOfType<GenesysException>().Failure;

    private List<Task<RateLimitLease>> Acquire(RequestOrigin origin, int times, TimeSpan? patience = null) =>
        [.. Enumerable.Range(0, times).Select(_ => _limiter.AcquireAsync(origin, patience ?? TimeSpan.FromHours(1), CancellationToken.None))];
}
