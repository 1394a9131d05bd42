using System.ComponentModel;
using System.Security.Claims;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Tells a model whether the figures can be trusted now, before the model reports figures or explains why some are missing.</summary>
[McpServerToolType]
internal sealed class DataHealthTool(HealthCheckService checks, QueueDirectory directory, DoctorRuns doctor, IOptions<GenesysOptions> genesys)
{
    [McpServerTool(Name = "data_health", Title = "Health of the data", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Returns whether the service can read current data from Genesys now, when its list of queues was read, and after how many hours figures are final. With diagnose and the operator scope, the result also contains "
        + "the findings of the doctor (permissions, credentials, limits) and what to change. Use this tool when figures are missing, stale or surprising.")]
    public async Task<DataHealth> ReadAsync(
        ClaimsPrincipal user,
        [Description("Runs the doctor, which takes up to 30 seconds and a few Genesys requests. Needs the operator scope.")] bool diagnose = false,
        CancellationToken cancellationToken = default)
    {
        var caller = user.Caller();
        var report = await checks.CheckHealthAsync(cancellationToken);
        var isOperator = caller.May(CallerScopes.Operator);
        var findings = diagnose && isOperator ? await doctor.DiagnoseAsync(cancellationToken) : null;
        return new(
            !Readiness.IsReady(report) ? "down" : report.Status == HealthStatus.Healthy ? "ok" : "degraded",
            genesys.Value.SourceName() == "simulator",
            directory.Current is { } listed ? InstantFormat.PrintSeconds(listed.ReadAt) : null,
            genesys.Value.SettleHours,
            isOperator ? [.. report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Status.ToString()}")] : null,
            findings is null ? null : [.. findings.Examinations.Where(result => result.Condition is CheckStatus.Failed or CheckStatus.Warning).Select(result => $"{result.Name}: {result.Finding} {result.Remedy}".TrimEnd())],
            diagnose && !isOperator ? "The doctor was not run, because the caller does not have the operator scope." : null);
    }
}

/// <param name="State">ok, degraded (a dependency has problems, so figures can be stale) or down.</param>
/// <param name="Simulated">True if the data comes from the built-in simulator instead of an organization.</param>
/// <param name="QueuesListedAt">When the list of queues was read from Genesys; null if it has not been read yet.</param>
/// <param name="FinalAfterHours">How many hours after the end of an interval its figures are final.</param>
/// <param name="Problems">The dependencies with problems; null without the operator scope.</param>
/// <param name="Findings">The warnings and failures that the doctor found, with remedies; empty if there are none, null if the doctor was not run.</param>
/// <param name="Note">Why the doctor was not run although diagnose is true; otherwise null.</param>
internal sealed record DataHealth(
    string State, bool Simulated, string? QueuesListedAt, double FinalAfterHours, IReadOnlyList<string>? Problems, IReadOnlyList<string>? Findings, string? Note);
