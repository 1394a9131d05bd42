using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>
/// Reads the state once for all replicas: the replica that gets the lock reads it from Genesys, and the others wait until that replica has stored it.
/// </summary>
internal sealed class SharedLiveReader(LiveReader reader, ILiveReplication replication, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <param name="suffices">Whether the state of another replica is new enough.</param>
    /// <exception cref="Genesys.Failures.GenesysException">The state could not be read.</exception>
    public async Task<LiveSnapshot> ReadAsync(Predicate<LiveSnapshot> suffices, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        IAsyncDisposable? acquired;
        while ((acquired = await replication.TryTakeAsync(cancellationToken)) is null && clock.GetElapsedTime(started) < genesys.Value.TotalTimeout)
        {
            await Task.Delay(PollInterval, clock, cancellationToken);
            if (await FindAsync(suffices, cancellationToken) is { } stored)
            {
                return stored;
            }
        }

        // If another replica holds the lock for longer than a request may take, this one reads the state without the lock.
        await using var heldLock = acquired;
        if (await FindAsync(suffices, cancellationToken) is { } shared)
        {
            return shared;
        }

        var read = await reader.ReadAsync(origin, cancellationToken);
        await replication.SaveAsync(read);
        return read;
    }

    private async Task<LiveSnapshot?> FindAsync(Predicate<LiveSnapshot> suffices, CancellationToken cancellationToken) =>
        await replication.LoadAsync(cancellationToken) is { } shared && suffices(shared) ? shared : null;
}
