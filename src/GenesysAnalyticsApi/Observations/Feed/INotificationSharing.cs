using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>Decides which replica holds the notification channels, and sends the states of that replica to the other replicas.</summary>
internal interface INotificationSharing
{
    /// <summary>Takes or renews the right to hold the channels. The right expires unless it is renewed every few seconds.</summary>
    /// <returns>False while another replica has the right.</returns>
    Task<bool> TryHoldAsync(CancellationToken cancellationToken);

    /// <summary>Releases the right, so that another replica need not wait until the right expires.</summary>
    Task ReleaseAsync();

    /// <summary>Sends a state to the other replicas.</summary>
    Task SendAsync(LiveSnapshot state);

    /// <summary>Begins to receive the states that the replica with the channels sends.</summary>
    Task ReceiveAsync(Action<LiveSnapshot> receive);
}

/// <summary>Used without Redis: the replica holds its own channels and shares nothing.</summary>
internal sealed class LocalNotificationSharing : INotificationSharing
{
    public Task<bool> TryHoldAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseAsync() => Task.CompletedTask;

    public Task SendAsync(LiveSnapshot state) => Task.CompletedTask;

    public Task ReceiveAsync(Action<LiveSnapshot> receive) => Task.CompletedTask;
}
