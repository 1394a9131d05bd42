using GenesysAnalyticsApi.Alerts.Evaluation;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>Keeps the state of alerts, and decides which replica evaluates them.</summary>
internal interface IAlertStore
{
    /// <summary>Replicas share the alerts, and their state survives a restart.</summary>
    bool IsShared { get; }

    /// <summary>The newest stored state, for a replica that does not evaluate. Null if there is none, or if it cannot be read.</summary>
    Task<AlertBook?> LoadAsync(CancellationToken cancellationToken);

    /// <returns>Null while another replica evaluates, and while it is not certain that none does.</returns>
    Task<IAlertLeadership?> TryLeadAsync(CancellationToken cancellationToken);
}

/// <summary>The right of one replica to evaluate alerts and to send notifications. Disposing it gives it to another.</summary>
internal interface IAlertLeadership : IAsyncDisposable
{
    /// <summary>The state that the replica before left; null if there is none.</summary>
    AlertBook? Book { get; }

    /// <summary>Stores the state and renews the right.</summary>
    /// <param name="book">Null to renew only.</param>
    /// <returns>False if another replica evaluates by now: nothing was stored, and nothing of it may be sent.</returns>
    Task<bool> SaveAsync(AlertBook? book, CancellationToken cancellationToken);
}
