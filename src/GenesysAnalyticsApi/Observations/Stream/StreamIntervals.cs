namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The times of a stream: when a subscriber gets an event although no record has changed, and when it reconnects.</summary>
internal static class StreamIntervals
{
    /// <summary>A subscriber gets a heartbeat at least this often.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long a newer state without changes may remain unreported. Subscribers show the age of the state.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>Subscribers wake up this often to check whether a heartbeat is due.</summary>
    internal static readonly TimeSpan Pulse = TimeSpan.FromSeconds(5);

    /// <param name="silence">The time since the last event.</param>
    /// <param name="hasNewerState">Whether the service has read a newer state, in which no record of the subscriber has changed.</param>
    public static bool IsHeartbeatDue(TimeSpan silence, bool hasNewerState) =>
        // The next check may come only after Pulse, so a heartbeat that would be due before then is sent now.
        silence + Pulse > Heartbeat || (hasNewerState && silence >= Age);

    /// <summary>How long a browser waits before it reconnects.</summary>
    internal static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);
}
