using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Compares the clock of this machine with that of Genesys, by the date of a reply during this run, and with that of Redis. "Now" in every query
/// is the time of this machine.
/// </summary>
internal sealed class ClockCheck(GenesysClock genesysClock, ClockSkew skew) : IDiagnosticCheck
{
    internal static readonly TimeSpan Fails = TimeSpan.FromMinutes(5);

    public string Name => DiagnosticNames.Clock;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "The clock";

    public Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        var found = genesysClock.Latest is { } reading && reading.ReadAt >= visit.BegunAt
            ? Judged(reading.Ahead)
            : CheckOutcome.Skipped("Not examined: no answer of Genesys had a date.");
        return Task.FromResult(skew.Redis is { } redis ? WithRedis(found, redis) : found);
    }

    private static CheckOutcome Judged(TimeSpan ahead)
    {
        var text = ahead.Duration() < TimeSpan.FromSeconds(1) ? "The clock is within a second of Genesys'." : ClockSkew.TextOf(ahead, "Genesys'");
        return ahead.Duration() > Fails ? CheckOutcome.Failed($"{text} What is asked for as now is another time there.", ClockSkew.Remedy)
            : ahead.Duration() > ClockSkew.Tolerated ? CheckOutcome.Warning(text, ClockSkew.Remedy)
            : CheckOutcome.Ok(text);
    }

    /// <summary>No figure depends on the clock of Redis, but a difference means that one of the two clocks is wrong.</summary>
    private CheckOutcome WithRedis(CheckOutcome found, string redis) => found.Condition is CheckStatus.Failed or CheckStatus.Warning
        ? found with { Text = $"{found.Text} {redis}" }
        : CheckOutcome.Warning($"{found.Text} {redis}", skew.RemedyFor(isRedisOff: true));
}
