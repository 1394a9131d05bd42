using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Monitoring;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Compares the clock of this machine with the clock of Genesys, using the date of a reply in this run, and with the clock of Redis.
/// </summary>
internal sealed class ClockCheck(GenesysClock genesysClock, ClockSkew skew)
    : DiagnosticCheck(DiagnosticNames.Clock, "Comparing the clocks", 5)
{
    public override Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var found = genesysClock.Latest is { } reading && reading.ReadAt >= context.StartedAt
            ? OutcomeOf(reading.Ahead)
            : CheckOutcome.Skipped("Not checked: no reply of Genesys had a date.");
        return Task.FromResult(skew.Redis is { } redis ? WithRedis(found, redis) : found);
    }

    private static CheckOutcome OutcomeOf(TimeSpan ahead)
    {
        var text = ahead.Duration() < TimeSpan.FromSeconds(1) ? "The clock is within a second of Genesys'." : ClockSkew.TextOf(ahead, "Genesys'");
        return ahead.Duration() > ClockSkew.Failing ? CheckOutcome.Failed($"{text} Genesys therefore interprets \"now\" as a different time.", ClockSkew.Remedy)
            : ahead.Duration() > ClockSkew.Tolerated ? CheckOutcome.Warning(text, ClockSkew.Remedy)
            : CheckOutcome.Ok(text);
    }

    /// <summary>No figure depends on the clock of Redis. A difference is still worth a warning, because it shows that one of the two clocks is wrong.</summary>
    private CheckOutcome WithRedis(CheckOutcome found, string redis) => found.Condition is CheckStatus.Failed or CheckStatus.Warning
        ? found with { Text = $"{found.Text} {redis}" }
        : CheckOutcome.Warning($"{found.Text} {redis}", skew.RemedyFor(isRedisOff: true));
}
