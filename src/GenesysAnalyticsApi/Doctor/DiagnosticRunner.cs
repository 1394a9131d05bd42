using System.Globalization;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>
/// Runs all checks one after the other, in the order of their dependencies. Each check and the whole run have a time limit. A check that fails
/// unexpectedly prevents neither the other checks nor the response.
/// </summary>
internal sealed partial class DiagnosticRunner(IEnumerable<IDiagnosticCheck> examiners, TimeProvider clock, ILogger<DiagnosticRunner> logger)
{
    /// <summary>The time limit of the whole run. Clients stop waiting soon after it.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A check does not run with less time left, because its failure would only show that the time was too short.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <param name="faults">The invalid settings.</param>
    public async Task<DoctorResponse> RunAsync(IReadOnlyList<string> faults)
    {
        var visit = new DiagnosticContext(clock.GetUtcNow(), faults);
        var begun = clock.GetTimestamp();
        var done = new Dictionary<string, CheckOutcome>(StringComparer.Ordinal);
        foreach (var examiner in examiners)
        {
            done.Add(examiner.Name, await ExamineAsync(examiner, visit, done, Longest - clock.GetElapsedTime(begun)));
        }

        return DoctorResponse.Of(visit.BegunAt, visit.Calls, done.Select(one => Shown(one.Key, one.Value)));
    }

    private async Task<CheckOutcome> ExamineAsync(IDiagnosticCheck examiner, DiagnosticContext visit, Dictionary<string, CheckOutcome> done, TimeSpan left)
    {
        if (examiner.Needs.FirstOrDefault(need => done[need].StopsOthers) is { } missing)
        {
            return CheckOutcome.Skipped($"Not examined: it depends on '{missing}'.") with { StopsOthers = true };
        }

        if (left < Shortest)
        {
            return CheckOutcome.Failed($"Not examined: what came before took all of the {Longest.TotalSeconds} s.", "Mend what hung, and ask again.");
        }

        var given = left < examiner.Limit ? left : examiner.Limit;
        using var limit = new CancellationTokenSource(given, clock);
        try
        {
            // A check that ignores its token is abandoned.
            return await examiner.CheckAsync(visit, limit.Token).ObserveFault().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return CheckOutcome.Failed(
                string.Create(CultureInfo.InvariantCulture, $"{examiner.Subject} did not answer in time ({given.TotalSeconds:0.#} s)."),
                GenesysRemedies.Hanging);
        }
        catch (Exception unexpected)
        {
            // A fault in one check must not prevent the others.
            Log.BrokeOff(logger, unexpected, examiner.Name);
            return CheckOutcome.Failed($"The examination broke off ({unexpected.GetType().Name}).", "The fault is the service's own: its log has the whole of it.");
        }
    }

    /// <summary>Redacts secrets, because some texts quote Genesys or other systems.</summary>
    private static DiagnosticResult Shown(string name, CheckOutcome found) => new(
        name,
        found.Condition,
        SecretRedactor.Redact(found.Text),
        found.Remedy is { } remedy ? SecretRedactor.Redact(remedy) : null,
        found.Details?.ToDictionary(detail => detail.Key, detail => SecretRedactor.Redact(detail.Value)));

    private static partial class Log
    {
        [LoggerMessage(6000, LogLevel.Error, "The examination of {Examination} broke off")]
        public static partial void BrokeOff(ILogger logger, Exception unexpected, string examination);
    }
}
