using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>How much of the minute is used up, and whether somebody else uses the client. After the calls of this visit.</summary>
internal sealed class RateLimitCheck(GenesysRateLimiter budget) : IDiagnosticCheck
{
    // One or two may be on their way, or at the edge of a minute.
    private const int Noticeable = 3;

    public string Name => DiagnosticNames.Budget;

    public IReadOnlyList<string> Needs => [DiagnosticNames.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "The budget";

    public Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken) => Task.FromResult(Examine());

    private CheckOutcome Examine()
    {
        var (state, strangers, waiting) = (budget.State, budget.ExternalUsage, budget.Waiting);
        var text = $"{state.Used} of {state.Allowed} requests of the minute are used{(state.Used > 0 ? $", the oldest of them for {state.ResetSeconds} s more" : "")}.";
        return strangers >= Noticeable
                ? CheckOutcome.Warning(
                    $"{text} Genesys has counted {strangers} more than were sent from here: something else uses the same OAuth client.",
                    "Give every service an OAuth client of its own; replicas of this one share theirs when Cache:Redis is set.")
            : state.Used >= state.Allowed
                ? CheckOutcome.Warning($"{text} {waiting} wait for the next one.", "Ask less often or for less, or have Genesys raise the client's limit; Genesys:RequestsPerMinute is our ceiling.")
            : CheckOutcome.Ok(text);
    }
}
