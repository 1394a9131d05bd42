using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>
/// Reads the state once for all replicas: the replica that gets the lock reads the state from Genesys, and the others wait until that replica has stored it.
/// </summary>
internal sealed class SharedLiveReader(LiveReader reader, ILiveReplication replication, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <param name="isNewEnough">Decides whether the state of another replica is new enough.</param>
    /// <exception cref="Genesys.Failures.GenesysException">The state could not be read.</exception>
    public async Task<LiveSnapshot> ReadAsync(Predicate<LiveSnapshot> isNewEnough, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        IAsyncDisposable? acquired;
        while ((acquired = await replication.TryTakeAsync(cancellationToken)) is null && clock.GetElapsedTime(started) < genesys.Value.TotalTimeout)
        {
            await Task.Delay(PollInterval, clock, cancellationToken);
            if (await FindAsync(isNewEnough, cancellationToken) is { } stored)
            {
                return stored;
            }
        }

        // If another replica holds the lock for longer than a Genesys request may take, this replica reads the state without the lock.
        await using var heldLock = acquired;
        if (await FindAsync(isNewEnough, cancellationToken) is { } shared)
        {
            return shared;
        }

        var read = await reader.ReadAsync(origin, cancellationToken);
        await replication.SaveAsync(read);
        return read;
    }

    private async Task<LiveSnapshot?> FindAsync(Predicate<LiveSnapshot> isNewEnough, CancellationToken cancellationToken) =>
        await replication.LoadAsync(cancellationToken) is { } shared && isNewEnough(shared) ? shared : null;
}
