using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Genesys.RateLimiting;

public sealed class GenesysRateLimiterTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly GenesysOptions _options = new() { RequestsPerMinute = 3, MaxConcurrentRequests = 100 };
    private readonly GenesysRateLimiter _limiter;

    public GenesysRateLimiterTests() => _limiter = new(_clock, Options.Create(_options), new LocalRateLimit());

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_beyond_the_limit_waits_for_the_oldest_to_expire()
    {
        await TakeAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(20));
        await TakeAsync(2);

        var fourth = _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation);
        var fifth = _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation);
        _clock.Advance(TimeSpan.FromSeconds(40));
        fourth.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        fourth.IsCompleted.ShouldBeTrue();
        fifth.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(20));
        fifth.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_request_whose_wait_is_too_long_is_rejected_immediately_with_the_wait()
    {
        await TakeAsync(3);

        var rejected = await RejectedAsync(TimeSpan.FromSeconds(45));

        rejected.Kind.ShouldBe(GenesysFailureKind.RateLimited);
        rejected.RetryAfter.ShouldBe(SlidingWindow.Length);
    }

    [Fact]
    public async Task Waiting_requests_are_served_in_order_and_add_to_the_wait_of_later_ones()
    {
        await TakeAsync(3);
        var waiting = Enumerable.Range(0, 6).Select(_ => _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation)).ToList();

        (await RejectedAsync(TimeSpan.FromSeconds(100))).RetryAfter!.Value.ShouldBe(3 * SlidingWindow.Length);
        _clock.Advance(TimeSpan.FromSeconds(61));

        waiting.Select(one => one.IsCompleted).ShouldBe([true, true, true, false, false, false]);
    }

    [Fact]
    public async Task A_cancelled_request_makes_room_in_the_queue()
    {
        await TakeAsync(3);
        using var cancellation = new CancellationTokenSource();
        var cancelled = Enumerable.Range(0, 3).Select(_ => _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, cancellation.Token)).ToList();
        var stays = _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation);

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(61));

        cancelled.ShouldAllBe(one => one.IsCanceled);
        stays.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Concurrent_requests_are_limited()
    {
        _options.RequestsPerMinute = 100;
        _options.MaxConcurrentRequests = 2;
        var first = await _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation);
        await TakeAsync(1);
        var third = _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation);
        third.IsCompleted.ShouldBeFalse();

        first.Dispose();
        first.Dispose();

        third.IsCompleted.ShouldBeTrue();
        _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_larger_count_of_Genesys_applies_until_its_window_resets()
    {
        _options.RequestsPerMinute = 300;
        await TakeAsync(1);
        _limiter.Observe(new(298, 300, TimeSpan.FromSeconds(41)), "token");
        _limiter.Observe(new(5, 300, TimeSpan.FromSeconds(41)), "token"); // headers never lower the count
        _limiter.State.ShouldBe(new RateLimitState(298, 300, 41));

        await TakeAsync(2);
        (await RejectedAsync(TimeSpan.FromSeconds(30))).RetryAfter.ShouldBe(TimeSpan.FromSeconds(41));

        _clock.Advance(TimeSpan.FromSeconds(41));
        _limiter.State.Used.ShouldBe(3);
    }

    [Fact]
    public void A_new_window_does_not_inherit_the_old_count()
    {
        _options.RequestsPerMinute = 300;
        _limiter.Observe(new(290, 300, TimeSpan.FromSeconds(1)), "token");
        _limiter.Observe(new(1, 300, TimeSpan.FromSeconds(60)), "token");

        _clock.Advance(TimeSpan.FromSeconds(1));

        _limiter.State.Used.ShouldBe(1);
    }

    [Fact]
    public void A_new_token_has_a_separate_count()
    {
        _options.RequestsPerMinute = 300;
        _limiter.Observe(new(290, 180, TimeSpan.FromSeconds(50)), "token");
        _limiter.State.Allowed.ShouldBe(180);

        _limiter.Observe(new(1, 300, TimeSpan.FromSeconds(60)), "another");

        _limiter.State.ShouldBe(new RateLimitState(1, 300, 60));
    }

    [Fact]
    public async Task A_lower_limit_rejects_requests_that_can_no_longer_be_served()
    {
        _options.RequestsPerMinute = 2;
        await TakeAsync(2);
        var waiting = Enumerable.Range(0, 2).Select(_ => _limiter.AcquireAsync(RequestOrigin.Anonymous, TimeSpan.FromSeconds(65), TestCancellation)).ToList();

        _limiter.Observe(new(null, 1, null), "token");

        waiting[0].IsCompleted.ShouldBeFalse();
        (await Should.ThrowAsync<GenesysException>(() => waiting[1])).Failure.Kind.ShouldBe(GenesysFailureKind.RateLimited);
    }

    [Fact]
    public async Task A_cooldown_blocks_every_caller_except_one_probe_a_minute()
    {
        _options.RequestsPerMinute = 100;
        using var before = await _limiter.AcquireAsync(RequestOrigin.Anonymous, Long, TestCancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _limiter.BeginCooldown(GenesysFailureKind.RateLimited, Long);

        (await RejectedAsync(TimeSpan.FromSeconds(45))).RetryAfter.ShouldBe(Long);
        _limiter.RecordReply(before); // it was sent before the cooldown
        await RejectedAsync(TimeSpan.FromSeconds(45));

        _clock.Advance(TimeSpan.FromMinutes(1));
        using var probe = await _limiter.AcquireAsync(RequestOrigin.Anonymous, TimeSpan.FromSeconds(45), TestCancellation);
        await RejectedAsync(TimeSpan.FromSeconds(45));

        _limiter.RecordReply(probe);
        await TakeAsync(5);
    }

    [Fact]
    public async Task A_cooldown_ends_on_time()
    {
        _limiter.BeginCooldown(GenesysFailureKind.Unavailable, TimeSpan.FromSeconds(40));
        (await RejectedAsync(TimeSpan.FromSeconds(30))).Kind.ShouldBe(GenesysFailureKind.Unavailable);
        var fits = _limiter.AcquireAsync(RequestOrigin.Anonymous, TimeSpan.FromSeconds(45), TestCancellation);

        _clock.Advance(TimeSpan.FromSeconds(40));

        fits.IsCompletedSuccessfully.ShouldBeTrue();
    }

    public void Dispose() => _limiter.Dispose();

    private async Task TakeAsync(int leases)
    {
        for (var i = 0; i < leases; i++)
        {
            var taken = _limiter.AcquireAsync(RequestOrigin.Anonymous, TimeSpan.Zero, TestCancellation);
            taken.IsCompleted.ShouldBeTrue();
            await taken;
        }
    }

    private async Task<GenesysFailure> RejectedAsync(TimeSpan patience) =>
        (await Should.ThrowAsync<GenesysException>(() => _limiter.AcquireAsync(RequestOrigin.Anonymous, patience, TestCancellation))).Failure;
}
