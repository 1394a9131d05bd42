using System.Globalization;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>How far the clock of this machine is from Genesys', by the date of an answer of this visit. "Now" in every question is by ours.</summary>
internal sealed class ClockExaminer(GenesysClock genesysClock) : IExaminer
{
    internal static readonly TimeSpan Warns = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan Fails = TimeSpan.FromMinutes(5);

    private const string Remedy = "Have the clock of this machine, or of the one that hosts its containers, set by NTP (timedatectl tells whether it is).";

    public string Name => Examinations.Clock;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Awaits => "The clock";

    public Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken) => Task.FromResult(
        genesysClock.Latest is { } reading && reading.ReadAt >= visit.BegunAt
            ? Judged(reading.Ahead)
            : Finding.Skipped("Not examined: no answer of Genesys had a date."));

    private static Finding Judged(TimeSpan ahead)
    {
        var text = ahead.Duration() < TimeSpan.FromSeconds(1)
            ? "The clock is within a second of Genesys'."
            : string.Create(CultureInfo.InvariantCulture, $"The clock is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} Genesys'.");
        return ahead.Duration() > Fails ? Finding.Failed($"{text} What is asked for as now is another time there.", Remedy)
            : ahead.Duration() > Warns ? Finding.Warning(text, Remedy)
            : Finding.Ok(text);
    }
}
