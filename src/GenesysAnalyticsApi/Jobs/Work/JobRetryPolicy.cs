using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>Decides whether a job retries a part that failed, and how long the job pauses before the retry. All readers of a job share one policy.</summary>
internal sealed class JobRetryPolicy(TimeProvider clock)
{
    internal const int MaxTries = 4;

    /// <summary>After this time without a success, the job stops retrying parts.</summary>
    internal static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<object, int> _tries = [];

    private long _lastSuccess = clock.GetTimestamp();
    private int _consecutiveFailures;

    public bool HasGivenUp => clock.GetElapsedTime(_lastSuccess) > GiveUpAfter;

    /// <summary>Whether a retry can succeed. A retry cannot succeed if Genesys rejected the credentials, the permissions, the request or its size.</summary>
    public static bool MayPass(GenesysFailureKind kind) =>
        kind is GenesysFailureKind.RateLimited or GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout or GenesysFailureKind.Unreadable;

    /// <summary>Counts a failed try, and decides whether the job tries the part again. A try that failed because of the rate limit is not counted.</summary>
    /// <param name="part">Identifies the part. All tries of a part must pass the same or an equal object.</param>
    public bool MayTryAgain(object part, GenesysFailure failure)
    {
        lock (_gate)
        {
            var tries = _tries[part] = _tries.GetValueOrDefault(part) + (failure.Kind == GenesysFailureKind.RateLimited ? 0 : 1);
            return MayPass(failure.Kind) && tries < MaxTries && !HasGivenUp;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            (_consecutiveFailures, _lastSuccess) = (0, clock.GetTimestamp());
        }
    }

    /// <summary>
    /// Pauses one reader for a time that grows with the number of consecutive failures, but for at most a minute, even if Genesys requests a longer pause. The
    /// other readers of the job continue; if Genesys is unavailable, each of them pauses after its next failure.
    /// </summary>
    public Task PauseAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        TimeSpan pause;
        lock (_gate)
        {
            pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(10, ++_consecutiveFailures)));
        }

        pause = retryAfter > pause ? retryAfter.Value : pause;
        return Task.Delay(pause < MaxPause ? pause : MaxPause, clock, cancellationToken);
    }
}
