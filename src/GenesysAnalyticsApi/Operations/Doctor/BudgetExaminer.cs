using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>How much of the minute is used up, and whether somebody else uses the client. After the calls of this visit.</summary>
internal sealed class BudgetExaminer(GenesysBudget budget) : IExaminer
{
    // One or two may be on their way, or at the edge of a minute.
    private const int Noticeable = 3;

    public string Name => Examinations.Budget;

    public IReadOnlyList<string> Needs => [Examinations.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Awaits => "The budget";

    public Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken) => Task.FromResult(Examine());

    private Finding Examine()
    {
        var (state, strangers, waiting) = (budget.State, budget.Strangers, budget.Waiting);
        var text = $"{state.Used} of {state.Allowed} requests of the minute are used{(state.Used > 0 ? $", the oldest of them for {state.ResetSeconds} s more" : "")}.";
        return strangers >= Noticeable
                ? Finding.Warning(
                    $"{text} Genesys has counted {strangers} more than were sent from here: something else uses the same OAuth client.",
                    "Give every service an OAuth client of its own; replicas of this one share theirs when Cache:Redis is set.")
            : state.Used >= state.Allowed
                ? Finding.Warning($"{text} {waiting} wait for the next one.", "Ask less often or for less, or have Genesys raise the client's limit; Genesys:RequestsPerMinute is our ceiling.")
            : Finding.Ok(text);
    }
}
