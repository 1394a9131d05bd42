using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Limits the requests per minute and the concurrent requests of each caller. Further concurrent requests wait in a queue of the same size. Keys with the same
/// name are one caller. Idle callers are no longer tracked.
/// </summary>
internal sealed class CallerRateLimiter(IOptions<CallerRateLimitOptions> options, TimeProvider clock) : IDisposable
{
    private readonly CallerTokenBuckets _callers = new(clock);
    private readonly CallerTokenBuckets _unknown = new(clock);
    private readonly PartitionedRateLimiter<string> _concurrentRequests = ConcurrencyLimiterOf(options.Value.MaxConcurrent);

    /// <summary>The number of tracked callers with valid credentials, plus the number of tracked networks of callers without.</summary>
    public int Count => _callers.Count + _unknown.Count;

    public bool TryTake(Caller caller, out string policy, out TokenBucketState state)
    {
        var rate = _callers.Of(caller.Identity, caller.RequestsPerMinute ?? options.Value.RequestsPerMinute);
        policy = rate.Policy;
        return rate.TryTake(_callers.Now, out state);
    }

    /// <summary>
    /// Counts a request without valid credentials. All such requests from one network share one limit. The limit applies only after authentication has failed,
    /// so other clients in the same network or behind the same proxy cannot lock out a caller with valid credentials.
    /// </summary>
    public bool TryTakeUnknown(string network, out TokenBucketState state) =>
        _unknown.Of(network, options.Value.RequestsPerMinute).TryTake(_unknown.Now, out state);

    /// <summary>
    /// Acquires a permit for a concurrent request of the caller, or waits in the queue for one. If the queue is full, the returned lease contains no permit.
    /// </summary>
    public ValueTask<RateLimitLease> EnterAsync(Caller caller, HttpContext http)
    {
        var immediate = _concurrentRequests.AttemptAcquire(caller.Identity);
        // RequestAborted is read only if the request must wait, because reading it allocates a token source.
        return immediate.IsAcquired ? new(immediate) : _concurrentRequests.AcquireAsync(caller.Identity, 1, http.RequestAborted);
    }

    public void Dispose()
    {
        _callers.Dispose();
        _unknown.Dispose();
        _concurrentRequests.Dispose();
    }

    private static PartitionedRateLimiter<string> ConcurrencyLimiterOf(int maxConcurrent)
    {
        Func<string, RateLimiter> createLimiter = _ => new ConcurrencyLimiter(
            new() { PermitLimit = maxConcurrent, QueueLimit = maxConcurrent, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        return PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.Get(caller, createLimiter), StringComparer.Ordinal);
    }
}

/// <summary>
/// The token bucket of each caller, by identity. A full bucket is removed within a minute, so that occasional callers use no memory. The number of buckets is
/// limited to <see cref="MaxBuckets"/>, because the numbers of token subjects and networks are unbounded.
/// </summary>
internal sealed class CallerTokenBuckets : IDisposable
{
    /// <summary>The maximum number of buckets. This number of buckets takes about 10 MB.</summary>
    internal const int MaxBuckets = 50_000;

    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly ITimer _cleanup;

    public CallerTokenBuckets(TimeProvider clock)
    {
        _clock = clock;
        _started = clock.GetTimestamp();
        _cleanup = clock.CreateTimer(_ => RemoveFull(), null, CleanupInterval, CleanupInterval);
    }

    public int Count => _buckets.Count;

    public TimeSpan Now => _clock.GetElapsedTime(_started);

    public TokenBucket Of(string identity, int perMinute)
    {
        // A request counted in a bucket that is being removed is forgotten. This is acceptable, because only the fullest buckets are removed.
        if (_buckets.TryGetValue(identity, out var known))
        {
            return known;
        }

        if (_buckets.Count >= MaxBuckets)
        {
            MakeRoom();
        }

        return _buckets.GetOrAdd(identity, new TokenBucket(perMinute));
    }

    public void Dispose() => _cleanup.Dispose();

    /// <summary>
    /// Removes a tenth of the buckets, the fullest first. A caller with a nearly full bucket gains little from a new one, and a caller that has used up its
    /// limit keeps its bucket.
    /// </summary>
    private void MakeRoom()
    {
        lock (_gate)
        {
            if (_buckets.Count < MaxBuckets)
            {
                return;
            }

            var now = Now;
            foreach (var bucket in _buckets.ToArray().OrderBy(bucket => bucket.Value.UntilFull(now)).Take(MaxBuckets / 10))
            {
                _buckets.TryRemove(bucket);
            }
        }
    }

    private void RemoveFull()
    {
        foreach (var bucket in _buckets.Where(bucket => bucket.Value.UntilFull(Now) == TimeSpan.Zero))
        {
            _buckets.TryRemove(bucket);
        }
    }
}

/// <summary>
/// A token bucket of requests per minute. It allows a burst of all requests of a minute and refills continuously, so a caller above its rate is slowed down
/// rather than blocked for a minute. The state is a single number: the time at which the bucket is full again. The limiters of the framework do not report that
/// time, and tests cannot control their clock.
/// </summary>
internal sealed class TokenBucket(int perMinute)
{
    private readonly long _ticksPerRequest = TimeSpan.TicksPerMinute / perMinute;
    private long _fullAt;

    /// <summary>The value of the <c>RateLimit-Policy</c> header, the same for every response.</summary>
    public string Policy { get; } = string.Create(CultureInfo.InvariantCulture, $"\"caller\";q={perMinute};w=60");

    public bool TryTake(TimeSpan now, out TokenBucketState state)
    {
        while (true)
        {
            var current = Volatile.Read(ref _fullAt);
            var newFullAt = Math.Max(current, now.Ticks) + _ticksPerRequest;
            var waitTicks = newFullAt - now.Ticks - (_ticksPerRequest * perMinute);
            if (waitTicks > 0)
            {
                state = new(0, TimeSpan.FromTicks(current - now.Ticks), TimeSpan.FromTicks(waitTicks));
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, newFullAt, current) == current)
            {
                state = new((int)(-waitTicks / _ticksPerRequest), TimeSpan.FromTicks(newFullAt - now.Ticks), TimeSpan.Zero);
                return true;
            }
        }
    }

    /// <summary>Returns the time until the bucket is full. Zero means that the bucket is equivalent to a new one.</summary>
    public TimeSpan UntilFull(TimeSpan now) => TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _fullAt) - now.Ticks));
}

/// <param name="Requests">The number of requests that are available now.</param>
/// <param name="UntilFull">The time until the bucket is full, if no further request arrives.</param>
/// <param name="UntilNext">After a rejected request, the time until the next request is available; otherwise zero.</param>
internal readonly record struct TokenBucketState(int Requests, TimeSpan UntilFull, TimeSpan UntilNext)
{
    /// <summary>The value of the <c>RateLimit</c> header.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"\"caller\";r={Requests};t={(UntilFull.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond}");
}
