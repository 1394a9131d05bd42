namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>
/// Converts instants between this replica's clock and the time that replicas exchange: Genesys time, taken from the <c>Date</c> header of
/// Genesys' replies. A replica with a wrong clock therefore does not mislead the other replicas.
/// </summary>
internal sealed class ReplicaTime(GenesysClock genesys, TimeProvider clock)
{
    /// <summary>
    /// The maximum error of shared instants, because dates have a resolution of one second. An instant further in the future is rejected: it comes from another
    /// program, or from a replica that has not yet received a reply from Genesys.
    /// </summary>
    internal static readonly Duration Tolerance = Duration.FromSeconds(5);

    private Instant LocalNow => Instant.FromDateTimeOffset(clock.GetUtcNow());

    private Duration Ahead => Duration.FromTimeSpan(genesys.Ahead ?? TimeSpan.Zero);

    public Instant Now => LocalNow - Ahead;

    /// <summary>Converts an instant of this replica's clock to shared time. The result is never in the future.</summary>
    public Instant ToShared(Instant local) => Instant.Min(local, LocalNow) - Ahead;

    /// <summary>
    /// Converts an instant of shared time to this replica's clock. The result is never in the future; null if the instant is too far in the future.
    /// </summary>
    public Instant? FromShared(Instant shared)
    {
        var now = LocalNow;

        // The comparison comes before the addition, because a foreign value can be the largest instant, and the sum would overflow.
        return shared - Tolerance > now - Ahead ? null : Instant.Min(shared + Ahead, now);
    }
}
