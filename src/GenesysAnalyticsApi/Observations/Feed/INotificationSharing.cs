using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>Lets one replica hold the notification channels, and sends its states to all others.</summary>
internal interface INotificationSharing
{
    /// <summary>Takes or renews the right to hold the channels. A right that is not renewed soon expires.</summary>
    /// <returns>False while another replica holds them.</returns>
    Task<bool> TryHoldAsync(CancellationToken cancellationToken);

    /// <summary>Releases the right, so that another replica does not have to wait until it expires.</summary>
    Task ReleaseAsync();

    /// <summary>Sends a state to the other replicas.</summary>
    Task SendAsync(LiveSnapshot state);

    /// <summary>Begins to receive the states of the replica that holds the channels.</summary>
    Task ReceiveAsync(Action<LiveSnapshot> receive);
}

/// <summary>For a replica that shares nothing: it holds its own channels.</summary>
internal sealed class LocalNotificationSharing : INotificationSharing
{
    public Task<bool> TryHoldAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseAsync() => Task.CompletedTask;

    public Task SendAsync(LiveSnapshot state) => Task.CompletedTask;

    public Task ReceiveAsync(Action<LiveSnapshot> receive) => Task.CompletedTask;
}
