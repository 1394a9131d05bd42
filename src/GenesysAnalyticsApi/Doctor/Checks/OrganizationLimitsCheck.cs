using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Compares the organisation's limit with <c>Genesys:RequestsPerMinute</c>. Reading the limits requires no permission.</summary>
internal sealed class OrganizationLimitsCheck(OrganizationLimits limits, IOptions<GenesysOptions> options, IOptions<ObservationsOptions> observations)
    : DiagnosticCheck(DiagnosticNames.Limits, "The list of the organisation's limits", 8, DiagnosticNames.Token)
{
    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var reply = await context.SendAsync(() => limits.ReadAsync(DiagnosticContext.Origin, cancellationToken), listed => listed.Calls);
        var other = options.Value.ReadLimits
            ? Shown((await context.SendAsync(() => limits.ReadCeilingsAsync(DiagnosticContext.Origin, cancellationToken, reply), read => read.Calls)).Ceilings)
            : "";
        return reply.Limits.TryGetValue(OrganizationLimits.RequestsPerMinute, out var allowed)
            ? OutcomeOf(allowed, other)
            : CheckOutcome.Skipped($"Not checked: the organisation's limits do not contain '{OrganizationLimits.RequestsPerMinute}'.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) =>
        CheckOutcome.Skipped($"Not checked: {failure.Message}") with { Details = GenesysRemedies.DetailsOf(failure) };

    /// <summary>The limits of real-time queries and notifications, as far as Genesys tells them, beside ours.</summary>
    private string Shown(OrganizationCeilings read)
    {
        var parts = new[]
        {
            read.Predicates is { } predicates ? FormattableString.Invariant($"{predicates} predicates of a query for the state of queues (Observations:MaxPredicates is {observations.Value.MaxPredicates})") : null,
            read.TopicsPerChannel is { } topics ? FormattableString.Invariant($"{topics} topics per notification channel") : null,
            read.Channels is { } channels ? FormattableString.Invariant($"{channels} notification channels") : null,
        };
        var known = string.Join(", ", parts.OfType<string>());
        return known.Length == 0 ? "" : $" It also allows {known}. The smaller one of both limits applies.";
    }

    private CheckOutcome OutcomeOf(double allowed, string other)
    {
        var ours = options.Value.RequestsPerMinute;
        var text = FormattableString.Invariant($"The organisation allows {allowed} requests per minute and token, and Genesys:RequestsPerMinute is {ours}.{other}");
        return ours > allowed
            ? CheckOutcome.Warning(text, FormattableString.Invariant($"Set Genesys:RequestsPerMinute to {allowed} or less, or ask Genesys to raise '{OrganizationLimits.RequestsPerMinute}'."))
            : CheckOutcome.Ok(text);
    }
}
