namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Who waits for a permit, and who is next: first come, first served. The order is decided here and nowhere else, so shares by caller
/// and a reserve for interactive questions have one place to go. Not thread-safe: the budget locks.
/// </summary>
internal sealed class BudgetQueue
{
    private readonly LinkedList<Waiting> _waiting = [];

    public int Count => _waiting.Count;

    /// <param name="leaving">Runs, under the budget's lock, the departure of who is cancelled.</param>
    public Task<BudgetPermit> Enqueue(TimeSpan giveUpAt, Action<Action> leaving, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(giveUpAt);
        var place = _waiting.AddLast(waiting);
        waiting.Registration = cancellationToken.UnsafeRegister(
            (_, cancelled) => leaving(() =>
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                    waiting.Permit.TrySetCanceled(cancelled);
                }
            }),
            null);
        return waiting.Permit.Task;
    }

    public void Dequeue(Func<BudgetPermit> grant)
    {
        var next = _waiting.First!.Value;
        _waiting.RemoveFirst();
        next.Registration.Unregister();
        next.Permit.TrySetResult(grant());
    }

    public void RefuseWhere(Func<int, TimeSpan, bool> isTooLong, Func<int, GenesysException> refusal)
    {
        var ahead = 0;
        for (var place = _waiting.First; place is not null;)
        {
            var following = place.Next;
            if (isTooLong(ahead, place.Value.GiveUpAt))
            {
                _waiting.Remove(place);
                place.Value.Registration.Unregister();
                place.Value.Permit.TrySetException(refusal(ahead));
            }
            else
            {
                ahead++;
            }

            place = following;
        }
    }

    private sealed class Waiting(TimeSpan giveUpAt)
    {
        public TimeSpan GiveUpAt => giveUpAt;

        // Continuations must not run under the budget's lock.
        public TaskCompletionSource<BudgetPermit> Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenRegistration Registration { get; set; }
    }
}
