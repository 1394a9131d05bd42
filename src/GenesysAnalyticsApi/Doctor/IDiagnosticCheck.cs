namespace GenesysAnalyticsApi.Doctor;

/// <summary>Checks one dependency of the service by using it.</summary>
internal interface IDiagnosticCheck
{
    string Name { get; }

    /// <summary>The names of the checks without which this one has no meaningful result.</summary>
    IReadOnlyList<string> Needs { get; }

    /// <summary>The time after which the check is cancelled.</summary>
    TimeSpan Limit { get; }

    /// <summary>What did not respond if the limit is exceeded, as the beginning of a sentence.</summary>
    string Subject { get; }

    /// <summary>May throw; the runner then reports the type of the exception as the result.</summary>
    Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken);
}

/// <summary>The names of the checks in responses and in <see cref="IDiagnosticCheck.Needs"/>.</summary>
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
