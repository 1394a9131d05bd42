namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>Somebody who waits for a permit.</summary>
/// <param name="giveUpAt">On the budget's own clock.</param>
internal sealed class PendingRequest(RequestOrigin asker, TimeSpan giveUpAt)
{
    // Continuations must not run under the budget's lock.
    private readonly TaskCompletionSource<RateLimitLease> _permit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestOrigin Asker => asker;

    public TimeSpan Deadline => giveUpAt;

    /// <summary>In the order of coming; keeps the place of who is put back.</summary>
    public long Number { get; set; }

    public Task<RateLimitLease> Task => _permit.Task;

    public bool TryGrant(Func<RateLimitLease> permit) => _permit.TrySetResult(permit());

    public void Reject(Exception refusal) => _permit.TrySetException(refusal);

    /// <summary>Ends the waiting when the token is cancelled; <paramref name="leave"/> gives up the place.</summary>
    public void LeaveOn(Action leave, CancellationToken cancelled)
    {
        if (Task.IsCompleted)
        {
            return;
        }

        var registration = cancelled.UnsafeRegister(
            (_, token) =>
            {
                _permit.TrySetCanceled(token);
                leave();
            },
            null);

        // A token can outlive many waits. Not disposed but unregistered: that waits for nobody.
        _ = Task.ContinueWith(
            (_, place) => ((CancellationTokenRegistration)place!).Unregister(),
            registration,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
