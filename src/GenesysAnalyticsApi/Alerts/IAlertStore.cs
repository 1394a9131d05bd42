using GenesysAnalyticsApi.Alerts.Evaluation;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>Stores the state of alerts, and decides which replica evaluates the rules.</summary>
internal interface IAlertStore
{
    /// <summary>Whether replicas share the alerts, whose state then survives a restart.</summary>
    bool IsShared { get; }

    /// <summary>The newest stored state, for a replica that does not evaluate. Null if there is none, or if it cannot be read.</summary>
    Task<AlertRegister?> LoadAsync(CancellationToken cancellationToken);

    /// <returns>Null while another replica evaluates the rules, or may do so.</returns>
    Task<IAlertLeadership?> TryLeadAsync(CancellationToken cancellationToken);
}

/// <summary>The right of one replica to evaluate alerts and to send notifications. Disposing it releases the right for another replica.</summary>
internal interface IAlertLeadership : IAsyncDisposable
{
    /// <summary>The state that the previous replica stored; null if there is none.</summary>
    AlertRegister? Register { get; }

    /// <summary>Stores the state and renews the right.</summary>
    /// <param name="register">Null to renew the right without storing anything.</param>
    /// <returns>False if another replica evaluates the rules now. Nothing was stored then, and this replica must not send its notifications.</returns>
    Task<bool> SaveAsync(AlertRegister? register, CancellationToken cancellationToken);
}
