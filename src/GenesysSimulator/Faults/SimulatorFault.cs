namespace GenesysSimulator;

/// <summary>
/// A fault: its name, its value, the number of requests that it applies to (null for all until it is cleared), and its restrictions: a path prefix,
/// one of <see cref="FaultScopes"/>, or both.
/// </summary>
public sealed record SimulatorFault(string Name, string? Value = null, int? Times = null, string? Path = null, string? Scope = null);

/// <summary>The endpoints that a fault can be restricted to.</summary>
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
