namespace GenesysAnalyticsApi.Doctor;

/// <summary>Looks at one thing that the service depends on, by trying it.</summary>
internal interface IDiagnosticCheck
{
    string Name { get; }

    /// <summary>Names of examinations without which this one can tell nothing.</summary>
    IReadOnlyList<string> Needs { get; }

    /// <summary>How long it may take.</summary>
    TimeSpan Limit { get; }

    /// <summary>Who is to blame where that passes, as the beginning of a sentence.</summary>
    string Subject { get; }

    /// <summary>May throw: then what it threw is the finding.</summary>
    Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken);
}

/// <summary>The names of the examinations, as answers have them and as they need each other.</summary>
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
