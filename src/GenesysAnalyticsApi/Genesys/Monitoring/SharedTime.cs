namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>
/// Converts instants between this replica's clock and the shared time of all replicas, which is Genesys' time, taken from the <c>Date</c> header of
/// Genesys' replies. A replica with a wrong clock therefore does not mislead the other replicas.
/// </summary>
internal sealed class SharedTime(GenesysClock genesys, TimeProvider clock)
{
    /// <summary>
    /// How far in the future an instant of another replica can seem to be: a <c>Date</c> header is exact only to a second, and replies take time. An instant
    /// further in the future is rejected: it comes from another program, or from a replica that has not yet received a reply from Genesys.
    /// </summary>
    internal static readonly Duration Tolerance = Duration.FromSeconds(5);

    private Instant LocalNow => Instant.FromDateTimeOffset(clock.GetUtcNow());

    private Duration Ahead => Duration.FromTimeSpan(genesys.Ahead ?? TimeSpan.Zero);

    /// <summary>The current shared time.</summary>
    public Instant Now => LocalNow - Ahead;

    /// <summary>Converts an instant of this replica's clock to shared time. The result is never in the future.</summary>
    public Instant ToShared(Instant local) => Instant.Min(local, LocalNow) - Ahead;

    /// <summary>
    /// Converts an instant of shared time to this replica's clock. An instant up to <see cref="Tolerance"/> in the future becomes now.
    /// </summary>
    /// <returns>Null for an instant further in the future.</returns>
    public Instant? FromShared(Instant shared)
    {
        var now = LocalNow;

        // Another program can have stored any instant, so nothing is added to one that is close to the largest or the smallest.
        return shared > now - Ahead + Tolerance ? null : Instant.Min(Instant.Max(shared, NodaConstants.UnixEpoch) + Ahead, now);
    }
}
