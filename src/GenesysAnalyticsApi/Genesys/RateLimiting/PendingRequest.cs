namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>A request that waits for a lease.</summary>
/// <param name="deadline">Measured from the rate limiter's start.</param>
internal sealed class PendingRequest(RequestOrigin origin, TimeSpan deadline)
{
    // Continuations must not run under the rate limiter's lock.
    private readonly TaskCompletionSource<RateLimitLease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestOrigin Origin => origin;

    public TimeSpan Deadline => deadline;

    /// <summary>Number in order of arrival; a request that is queued again keeps its position.</summary>
    public long Number { get; set; }

    public Task<RateLimitLease> Task => _lease.Task;

    public bool TryGrant(Func<RateLimitLease> create) => _lease.TrySetResult(create());

    public void Reject(Exception reason) => _lease.TrySetException(reason);

    /// <summary>Ends the wait when the token is cancelled; <paramref name="leave"/> removes the request from its queue.</summary>
    public void LeaveOn(Action leave, CancellationToken cancelled)
    {
        if (Task.IsCompleted)
        {
            return;
        }

        var registration = cancelled.UnsafeRegister(
            (_, token) =>
            {
                _lease.TrySetCanceled(token);
                leave();
            },
            null);

        // A token can outlive many waits. Unregister instead of Dispose, because Dispose waits for running callbacks.
        _ = Task.ContinueWith(
            (_, state) => ((CancellationTokenRegistration)state!).Unregister(),
            registration,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
