using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor.Diagnostics;

/// <summary>Checks one dependency of the service by using it.</summary>
/// <param name="subject">The subject of the sentence "… did not finish within 5 s."</param>
/// <param name="seconds">The timeout in seconds.</param>
/// <param name="dependsOn">The names of the earlier checks that cause this check to be skipped if they fail.</param>
internal abstract class DiagnosticCheck(string name, string subject, int seconds, params string[] dependsOn)
{
    public string Name => name;

    public string Subject => subject;

    public TimeSpan Limit => TimeSpan.FromSeconds(seconds);

    public IReadOnlyList<string> DependsOn => dependsOn;

    /// <summary>Runs the check. An exception is reported as the result of the check.</summary>
    public abstract Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken);

    /// <summary>Returns the outcome if a Genesys request fails; null if the check sends no Genesys requests.</summary>
    public virtual CheckOutcome? OutcomeOf(GenesysFailure failure) => null;
}

/// <summary>The names of the checks in responses and dependencies.</summary>
internal static class DiagnosticNames
{
    public const string Configuration = "configuration";
    public const string Dns = "dns";
    public const string Tls = "tls";
    public const string Token = "token";
    public const string QueuesPermission = "queues-permission";
    public const string AggregatesPermission = "aggregates-permission";
    public const string UsersPermission = "users-permission";
    public const string WrapUpCodesPermission = "wrapup-permission";
    public const string DetailsPermission = "details-permission";
    public const string Clock = "clock";
    public const string Queues = "queues";
    public const string Data = "data";
    public const string Limits = "limits";
    public const string Budget = "budget";
    public const string Directory = "directory";
    public const string Redis = "redis";
}
