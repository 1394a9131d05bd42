using System.Globalization;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>
/// All examinations, one after the other, in the order in which they need each other. Each has a limit, and all together have one; whatever
/// one of them does, the others are made and there is an answer.
/// </summary>
internal sealed partial class DiagnosticRunner(IEnumerable<IDiagnosticCheck> examiners, TimeProvider clock, ILogger<DiagnosticRunner> logger)
{
    /// <summary>Whoever waits for the answer gives up soon after.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>In less, an examination that fails tells of the haste and not of what it looked at.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <param name="faults">What is wrong with the settings.</param>
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
            // What does not listen to its token is left behind.
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
            // Whatever it was, the other examinations are worth having.
            Log.BrokeOff(logger, unexpected, examiner.Name);
            return CheckOutcome.Failed($"The examination broke off ({unexpected.GetType().Name}).", "The fault is the service's own: its log has the whole of it.");
        }
    }

    /// <summary>What others have said, Genesys among them, is in some of the texts.</summary>
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
