using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Reads the state once for all replicas: the one that gets the lock reads it from Genesys, and the others wait for what it stores.</summary>
internal sealed class SharedLiveReader(LiveReader reader, ILiveReplication replication, IOptions<GenesysOptions> genesys, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <param name="suffices">Whether the state of another replica is new enough.</param>
    /// <exception cref="Genesys.Failures.GenesysException">The state could not be read.</exception>
    public async Task<LiveSnapshot> ReadAsync(Predicate<LiveSnapshot> suffices, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        IAsyncDisposable? taken;
        while ((taken = await replication.TryTakeAsync(cancellationToken)) is null && clock.GetElapsedTime(started) < genesys.Value.TotalTimeout)
        {
            await Task.Delay(PollInterval, clock, cancellationToken);
            if (await FindAsync(suffices, cancellationToken) is { } landed)
            {
                return landed;
            }
        }

        await using var own = taken;
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
