namespace GenesysAnalyticsApi.Doctor;

/// <summary>Checks one dependency of the service by using it.</summary>
internal interface IDiagnosticCheck
{
    string Name { get; }

    /// <summary>Names of the checks that must succeed first.</summary>
    IReadOnlyList<string> DependsOn { get; }

    /// <summary>The timeout.</summary>
    TimeSpan Limit { get; }

    /// <summary>What did not respond if the timeout passes, as the beginning of a sentence.</summary>
    string Subject { get; }

    /// <summary>May throw; the exception is then reported.</summary>
    Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken);
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
    public const string Clock = "clock";
    public const string Queues = "queues";
    public const string Data = "data";
    public const string Limits = "limits";
    public const string Budget = "budget";
    public const string Directory = "directory";
    public const string Redis = "redis";
}
