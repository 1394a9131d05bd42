using System.Globalization;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>
/// Runs all checks one after the other, in the order of their dependencies. Each check has a timeout, and so does the whole run. A check that fails, throws
/// or hangs prevents only the checks that depend on it, as long as enough time remains.
/// </summary>
internal sealed partial class DiagnosticRunner(IEnumerable<DiagnosticCheck> checks, TimeProvider clock, ILogger<DiagnosticRunner> logger)
{
    /// <summary>The timeout of a run, which is shorter than the usual timeout of an HTTP client.</summary>
    internal static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The minimum time for a check. With less time, a failure would show only that the time was too short.</summary>
    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(1);

    /// <param name="faults">The invalid settings.</param>
    public async Task<DoctorResponse> RunAsync(IReadOnlyList<string> faults)
    {
        var context = new DiagnosticContext(clock.GetUtcNow(), faults);
        var started = clock.GetTimestamp();
        var outcomes = new Dictionary<string, CheckOutcome>(StringComparer.Ordinal);
        foreach (var check in checks)
        {
            outcomes.Add(check.Name, await CheckOneAsync(check, context, outcomes, TotalTimeout - clock.GetElapsedTime(started)));
        }

        return DoctorResponse.Of(context.StartedAt, context.Calls, outcomes.Select(outcome => Shown(outcome.Key, outcome.Value)));
    }

    private async Task<CheckOutcome> CheckOneAsync(DiagnosticCheck check, DiagnosticContext context, Dictionary<string, CheckOutcome> outcomes, TimeSpan remaining)
    {
        if (check.DependsOn.FirstOrDefault(need => outcomes[need].BlocksDependents) is { } missing)
        {
            return CheckOutcome.Skipped($"Not checked: it depends on '{missing}'.") with { BlocksDependents = true };
        }

        if (remaining < MinTimeout)
        {
            return CheckOutcome.Failed($"Not checked: the earlier checks took all of the {TotalTimeout.TotalSeconds} s.", "Fix the check that did not finish, and run the doctor again.");
        }

        var timeout = remaining < check.Limit ? remaining : check.Limit;
        using var timeoutSource = new CancellationTokenSource(timeout, clock);
        try
        {
            // A check that ignores its cancellation token is abandoned.
            return await check.CheckAsync(context, timeoutSource.Token).ObserveFault().WaitAsync(timeoutSource.Token);
        }
        catch (OperationCanceledException) when (timeoutSource.IsCancellationRequested)
        {
            return CheckOutcome.Failed(
                string.Create(CultureInfo.InvariantCulture, $"{check.Subject} did not finish within {timeout.TotalSeconds:0.#} s."),
                GenesysRemedies.Hanging);
        }
        catch (GenesysException failed) when (check.OutcomeOf(failed.Failure) is { } outcome)
        {
            return outcome;
        }
        catch (Exception unexpected)
        {
            // The run continues, because the other checks are still useful.
            Log.CheckFailed(logger, unexpected, check.Name);
            return CheckOutcome.Failed($"The check failed unexpectedly ({unexpected.GetType().Name}).", "This is a fault of the service: its log contains the whole exception.");
        }
    }

    /// <summary>Converts an outcome to a result. Secrets are redacted, because some texts quote replies of Genesys or other servers.</summary>
    private static DiagnosticResult Shown(string name, CheckOutcome found) => new(
        name,
        found.Condition,
        SecretRedactor.Redact(found.Text),
        found.Remedy is { } remedy ? SecretRedactor.Redact(remedy) : null,
        found.Details?.ToDictionary(detail => detail.Key, detail => SecretRedactor.Redact(detail.Value)));

    private static partial class Log
    {
        [LoggerMessage(6000, LogLevel.Error, "The check {Examination} failed unexpectedly")]
        public static partial void CheckFailed(ILogger logger, Exception unexpected, string examination);
    }
}
