using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Reports the use of the rate limit and whether another program uses the same OAuth client. Runs after all checks that send requests to the
/// Genesys API.
/// </summary>
internal sealed class RateLimitCheck(GenesysRateLimiter budget) : IDiagnosticCheck
{
    // A difference of one or two can come from requests in progress or at the edge of a minute.
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
