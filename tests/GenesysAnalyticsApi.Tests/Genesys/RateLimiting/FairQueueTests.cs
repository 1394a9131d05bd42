// CsCheck runs each sample synchronously, so no task still uses a disposable object when the sample disposes it.
#pragma warning disable CA2025

using CsCheck;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Genesys.RateLimiting;

/// <summary>Which request gets the next lease, and which wait a rejection states.</summary>
public sealed class FairQueueTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly RequestOrigin Busy = new("busy", IsBackground: false);
    private static readonly RequestOrigin Modest = new("modest", IsBackground: false);

    private readonly FakeTimeProvider _clock = new();
    private readonly GenesysOptions _options = new() { RequestsPerMinute = 20, MaxConcurrentRequests = 1000 };
    private readonly ScriptedCount _shared = new();
    private readonly GenesysRateLimiter _limiter;

    public FairQueueTests() => _limiter = new(_clock, Options.Create(_options), _shared);

    [Fact]
    public void A_single_caller_may_use_the_whole_limit() =>
        Acquire(Busy, 21).Count(one => one.IsCompletedSuccessfully).ShouldBe(20);

    [Fact]
    public async Task A_caller_with_one_waiting_request_is_served_second_at_the_latest_even_if_another_has_a_hundred()
    {
        _options.MaxConcurrentRequests = 1;
        var running = Acquire(Busy, 1)[0];
        var many = Acquire(Busy, 100);
        var one = Acquire(Modest, 1)[0];

        (await running).Dispose();
        many.Count(waiting => waiting.IsCompleted).ShouldBe(1);
        (await many[0]).Dispose();

        one.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Callers_are_served_round_robin_and_each_in_its_own_order() =>
        Gen.Int[1, 12].List[1, 8].Sample(counts =>
        {
            using var limiter = Limiter(new() { RequestsPerMinute = 1000, MaxConcurrentRequests = 1 }, _clock);
            var running = limiter.AcquireAsync(Busy, Long, CancellationToken.None);
            var waiting = counts
                .SelectMany((count, caller) => Enumerable.Range(0, count).Select(turn => (Caller: caller, Turn: turn)))
                .Select(one => (one.Caller, one.Turn, Task: limiter.AcquireAsync(new($"{one.Caller}", false), Long, CancellationToken.None)))
                .ToList();

            var served = new List<(int Caller, int Turn)>();
            while (waiting.Count > 0)
            {
                running.Result.Dispose();
                var next = waiting.Single(one => one.Task.IsCompleted);
                running = next.Task;
                waiting.Remove(next);
                served.Add((next.Caller, next.Turn));
            }

            served.ShouldBe(served.OrderBy(one => one.Turn).ThenBy(one => one.Caller));
        });

    [Fact]
    public void A_request_whose_wait_becomes_too_long_is_rejected_immediately()
    {
        Acquire(Busy, 20);
        var patient = Acquire(Busy, 20, TimeSpan.FromSeconds(65));
        patient.ShouldAllBe(one => !one.IsCompleted);

        var newcomer = Acquire(Modest, 1, TimeSpan.FromSeconds(65))[0];

        newcomer.IsCompleted.ShouldBeFalse();
        patient.Count(one => one.IsFaulted).ShouldBe(1);
        FailureOf(patient[^1]).RetryAfter.ShouldBe(2 * SlidingWindow.Length);
    }

    [Fact]
    public async Task A_cancelled_request_frees_its_place_for_the_next_of_its_caller()
    {
        _options.MaxConcurrentRequests = 1;
        var running = Acquire(Busy, 1)[0];
        using var cancellation = new CancellationTokenSource();
        var cancelled = _limiter.AcquireAsync(Busy, Long, cancellation.Token);
        var next = Acquire(Busy, 1)[0];
        Acquire(Modest, 1);

        await cancellation.CancelAsync();
        (await running).Dispose();

        cancelled.IsCanceled.ShouldBeTrue();
        next.IsCompletedSuccessfully.ShouldBeTrue();
        _limiter.Waiting.ShouldBe(1);
    }

    [Fact]
    public void Accepted_requests_are_granted_in_time_without_newcomers_and_no_minute_exceeds_the_limit() =>
        Gen.Select(Gen.Int[1, 15], Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 200], Gen.Int[0, 3]).List[1, 60]).Sample((limit, requests) =>
        {
            var clock = new FakeTimeProvider();
            var start = clock.GetTimestamp();
            using var limiter = Limiter(new() { RequestsPerMinute = limit, MaxConcurrentRequests = 1000 }, clock);
            var leases = new List<(Task<RateLimitLease> Task, TimeSpan GiveUpAt)>();
            foreach (var (caller, isBackground, patience, gap) in requests)
            {
                clock.Advance(TimeSpan.FromSeconds(gap));
                var giveUpAt = clock.GetElapsedTime(start) + TimeSpan.FromSeconds(patience);
                leases.Add((limiter.AcquireAsync(new($"{caller}", isBackground), TimeSpan.FromSeconds(patience), CancellationToken.None), giveUpAt));
            }

            // From here on, no request arrives, so every request that still waits must get its lease.
            var promised = leases.Where(one => !one.Task.IsCompleted).ToList();
            while (promised.Exists(one => !one.Task.IsCompleted))
            {
                clock.Advance(TimeSpan.FromSeconds(0.5));
            }

            foreach (var (task, giveUpAt) in promised)
            {
                // The timer rounds up to a millisecond, once a minute.
                task.IsCompletedSuccessfully.ShouldBeTrue();
                task.Result.GrantedAt.ShouldBeLessThanOrEqualTo(giveUpAt + TimeSpan.FromMilliseconds(5));
            }

            var granted = leases.Where(one => one.Task.IsCompletedSuccessfully).Select(one => one.Task.Result.GrantedAt).Order().ToList();
            for (var i = limit; i < granted.Count; i++)
            {
                (granted[i] - granted[i - limit]).ShouldBeGreaterThanOrEqualTo(SlidingWindow.Length);
            }
        });

    [Fact]
    public void A_full_shared_count_returns_the_lease_and_preserves_the_order()
    {
        _shared.RejectFor = TimeSpan.FromSeconds(10);
        var first = Acquire(Busy, 2);
        var second = Acquire(Modest, 1)[0];
        _shared.Requests.ShouldBe(1, "the shared count said when to try again");
        _limiter.State.ShouldBe(new RateLimitState(20, 20, 10));

        _shared.RejectFor = null;
        _options.MaxConcurrentRequests = 2;
        _clock.Advance(TimeSpan.FromSeconds(10));

        first[0].IsCompletedSuccessfully.ShouldBeTrue();
        second.IsCompletedSuccessfully.ShouldBeTrue();
        first[1].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_request_is_rejected_with_the_wait_if_the_shared_count_stays_full_for_longer_than_it_can_wait()
    {
        _shared.RejectFor = TimeSpan.FromSeconds(50);

        FailureOf(Acquire(Busy, 1, TimeSpan.FromSeconds(45))[0]).RetryAfter.ShouldBe(TimeSpan.FromSeconds(50));
        FailureOf(Acquire(Modest, 1, TimeSpan.FromSeconds(45))[0]).Kind.ShouldBe(GenesysFailureKind.RateLimited);
    }

    [Fact]
    public void Background_work_without_capacity_blocks_no_other_request()
    {
        _shared.RejectFor = TimeSpan.FromSeconds(10);
        var background = Acquire(RequestOrigin.Service, 1)[0];
        _shared.RejectFor = null;

        Acquire(Modest, 1)[0].IsCompletedSuccessfully.ShouldBeTrue();
        background.IsCompleted.ShouldBeFalse();
        _shared.Limits.ShouldBe([18, 20]);
    }

    public void Dispose() => _limiter.Dispose();

    private static GenesysRateLimiter Limiter(GenesysOptions options, TimeProvider clock) => new(clock, Options.Create(options), new LocalRateLimit());

    private static GenesysFailure FailureOf(Task<RateLimitLease> rejected) =>
        rejected.Exception!.InnerException.ShouldBeOfType<GenesysException>().Failure;

    private List<Task<RateLimitLease>> Acquire(RequestOrigin origin, int times, TimeSpan? patience = null) =>
        [.. Enumerable.Range(0, times).Select(_ => _limiter.AcquireAsync(origin, patience ?? Long, CancellationToken.None))];

    /// <summary>A shared count that a test controls.</summary>
    private sealed class ScriptedCount : ISharedRateLimit
    {
        public TimeSpan? RejectFor { get; set; }

        public List<int> Limits { get; } = [];

        public int Requests => Limits.Count;

        public Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken)
        {
            Limits.Add(limit);
            return Task.FromResult(RejectFor is { } wait ? new SharedGrant(false, limit, wait) : SharedGrant.Alone);
        }
    }
}
