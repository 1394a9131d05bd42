using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>
/// How far the clock of this machine is from Genesys', by the date of an answer of this visit, and from Redis'. "Now" in every question is by ours.
/// </summary>
internal sealed class ClockExaminer(GenesysClock genesysClock, ClockSkew skew) : IExaminer
{
    internal static readonly TimeSpan Fails = TimeSpan.FromMinutes(5);

    public string Name => Examinations.Clock;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Awaits => "The clock";

    public Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken)
    {
        var found = genesysClock.Latest is { } reading && reading.ReadAt >= visit.BegunAt
            ? Judged(reading.Ahead)
            : Finding.Skipped("Not examined: no answer of Genesys had a date.");
        return Task.FromResult(skew.Redis is { } redis ? WithRedis(found, redis) : found);
    }

    private static Finding Judged(TimeSpan ahead)
    {
        var text = ahead.Duration() < TimeSpan.FromSeconds(1) ? "The clock is within a second of Genesys'." : ClockSkew.TextOf(ahead, "Genesys'");
        return ahead.Duration() > Fails ? Finding.Failed($"{text} What is asked for as now is another time there.", ClockSkew.Remedy)
            : ahead.Duration() > ClockSkew.Tolerated ? Finding.Warning(text, ClockSkew.Remedy)
            : Finding.Ok(text);
    }

    /// <summary>No figure goes by Redis' clock; but where it differs, one of the two is wrong.</summary>
    private Finding WithRedis(Finding found, string redis) => found.Condition is ExaminationCondition.Failed or ExaminationCondition.Warning
        ? found with { Text = $"{found.Text} {redis}" }
        : Finding.Warning($"{found.Text} {redis}", skew.RemedyFor(isRedisOff: true));
}
