using System.Globalization;
using GenesysAnalyticsApi.Security;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>
/// All examinations, one after the other, in the order in which they need each other. Each has a limit, and all together have one; whatever
/// one of them does, the others are made and there is an answer.
/// </summary>
internal sealed partial class ExaminationRound(IEnumerable<IExaminer> examiners, TimeProvider clock, ILogger<ExaminationRound> logger)
{
    /// <summary>Whoever waits for the answer gives up soon after.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>In less, an examination that fails tells of the haste and not of what it looked at.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <param name="faults">What is wrong with the settings.</param>
    public async Task<DoctorAnswer> RunAsync(IReadOnlyList<string> faults)
    {
        var visit = new Visit(clock.GetUtcNow(), faults);
        var begun = clock.GetTimestamp();
        var done = new Dictionary<string, Finding>(StringComparer.Ordinal);
        foreach (var examiner in examiners)
        {
            done.Add(examiner.Name, await ExamineAsync(examiner, visit, done, Longest - clock.GetElapsedTime(begun)));
        }

        return DoctorAnswer.Of(visit.BegunAt, visit.Calls, done.Select(one => Shown(one.Key, one.Value)));
    }

    private async Task<Finding> ExamineAsync(IExaminer examiner, Visit visit, Dictionary<string, Finding> done, TimeSpan left)
    {
        if (examiner.Needs.FirstOrDefault(need => done[need].StopsOthers) is { } missing)
        {
            return Finding.Skipped($"Not examined: it depends on '{missing}'.") with { StopsOthers = true };
        }

        if (left < Shortest)
        {
            return Finding.Failed($"Not examined: what came before took all of the {Longest.TotalSeconds} s.", "Mend what hung, and ask again.");
        }

        var given = left < examiner.Limit ? left : examiner.Limit;
        using var limit = new CancellationTokenSource(given, clock);
        try
        {
            // What does not listen to its token is left behind.
            return await examiner.ExamineAsync(visit, limit.Token).MayBeLeft().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Finding.Failed(
                string.Create(CultureInfo.InvariantCulture, $"{examiner.Awaits} did not answer in time ({given.TotalSeconds:0.#} s)."),
                GenesysRemedies.Hanging);
        }
        catch (Exception unexpected)
        {
            // Whatever it was, the other examinations are worth having.
            Log.BrokeOff(logger, unexpected, examiner.Name);
            return Finding.Failed($"The examination broke off ({unexpected.GetType().Name}).", "The fault is the service's own: its log has the whole of it.");
        }
    }

    /// <summary>What others have said, Genesys among them, is in some of the texts.</summary>
    private static Examination Shown(string name, Finding found) => new(
        name,
        found.Condition,
        SecretsInText.Masked(found.Text),
        found.Remedy is { } remedy ? SecretsInText.Masked(remedy) : null,
        found.Details?.ToDictionary(detail => detail.Key, detail => SecretsInText.Masked(detail.Value)));

    private static partial class Log
    {
        [LoggerMessage(6000, LogLevel.Error, "The examination of {Examination} broke off")]
        public static partial void BrokeOff(ILogger logger, Exception unexpected, string examination);
    }
}
