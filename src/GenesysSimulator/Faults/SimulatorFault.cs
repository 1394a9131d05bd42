namespace GenesysSimulator;

/// <summary>A fault of the simulator.</summary>
/// <param name="Name">One of <see cref="FaultNames"/>.</param>
/// <param name="Value">The parameter of the fault; null for its default.</param>
/// <param name="Times">The number of requests to which the fault applies; null for all requests until the fault is cleared.</param>
/// <param name="Path">The path prefix to which the fault is restricted; null for all paths.</param>
/// <param name="Scope">One of <see cref="FaultScopes"/>, to which the fault is restricted; null for all endpoints.</param>
public sealed record SimulatorFault(string Name, string? Value = null, int? Times = null, string? Path = null, string? Scope = null);

/// <summary>The groups of endpoints to which a fault can be restricted.</summary>
public static class FaultScopes
{
    public const string Aggregates = "aggregates";
    public const string Details = "details";
    public const string Activity = "activity";
    public const string Limits = "limits";
    public const string Notifications = "notifications";
    public const string Observations = "observations";
    public const string Queues = "queues";
    public const string Users = "users";
    public const string WrapUpCodes = "wrapup-codes";

    public static IReadOnlyList<string> All { get; } = [Aggregates, Details, Activity, Observations, Notifications, Limits, Queues, Users, WrapUpCodes];
}
