using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Compares the organisation's limit with <c>Genesys:RequestsPerMinute</c>. Reading the limits requires no permission.</summary>
internal sealed class OrganizationLimitsCheck(OrganizationLimits limits, IOptions<GenesysOptions> options)
    : DiagnosticCheck(DiagnosticNames.Limits, "The list of the organisation's limits", 8, DiagnosticNames.Token)
{
    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var reply = await context.SendAsync(() => limits.ReadAsync(DiagnosticContext.Origin, cancellationToken), listed => listed.Calls);
        return reply.Limits.TryGetValue(OrganizationLimits.RequestsPerMinute, out var allowed)
            ? OutcomeOf(allowed)
            : CheckOutcome.Skipped($"Not checked: the organisation's limits do not contain '{OrganizationLimits.RequestsPerMinute}'.");
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) =>
        CheckOutcome.Skipped($"Not checked: {failure.Message}") with { Details = GenesysRemedies.DetailsOf(failure) };

    private CheckOutcome OutcomeOf(double allowed)
    {
        var ours = options.Value.RequestsPerMinute;
        var text = FormattableString.Invariant($"The organisation allows {allowed} requests per minute and token, and Genesys:RequestsPerMinute is {ours}.");
        return ours > allowed
            ? CheckOutcome.Warning(text, FormattableString.Invariant($"Set Genesys:RequestsPerMinute to {allowed} or less, or ask Genesys to raise '{OrganizationLimits.RequestsPerMinute}'."))
            : CheckOutcome.Ok(text);
    }
}
