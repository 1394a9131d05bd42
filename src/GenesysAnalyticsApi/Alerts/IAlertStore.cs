using GenesysAnalyticsApi.Alerts.Evaluation;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>Stores the state of alerts, and decides which replica evaluates the rules.</summary>
internal interface IAlertStore
{
    /// <summary>Whether replicas share the alerts. Shared alerts survive the restart of a replica.</summary>
    bool IsShared { get; }

    /// <summary>Loads the newest stored state, for a replica that does not evaluate the rules.</summary>
    /// <returns>Null if there is no state or the state cannot be read.</returns>
    Task<AlertRegister?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Tries to obtain the right to evaluate the rules.</summary>
    /// <returns>Null while another replica has the right, or might have it.</returns>
    Task<IAlertLeadership?> TryLeadAsync(CancellationToken cancellationToken);
}

/// <summary>The right of one replica to evaluate the rules and to send notifications. Disposing the object releases the right for another replica.</summary>
internal interface IAlertLeadership : IAsyncDisposable
{
    /// <summary>The state that was stored when this replica obtained the right; null if there was no readable state.</summary>
    AlertRegister? Register { get; }

    /// <summary>Stores the state and renews the right.</summary>
    /// <param name="register">Null to renew the right without storing anything.</param>
    /// <returns>False if another replica has the right now. Nothing was stored in that case, and this replica must not send its new notifications.</returns>
    Task<bool> SaveAsync(AlertRegister? register, CancellationToken cancellationToken);
}
