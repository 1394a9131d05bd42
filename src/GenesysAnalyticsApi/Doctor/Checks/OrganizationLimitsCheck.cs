using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Compares the organisation's rate limit with the setting. Reading the limit needs no permission, and the service works without it.</summary>
internal sealed class OrganizationLimitsCheck(OrganizationLimits limits, IOptions<GenesysOptions> options) : IDiagnosticCheck
{
    public string Name => DiagnosticNames.Limits;

    public IReadOnlyList<string> Needs => [DiagnosticNames.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Subject => "The listing of the organisation's limits";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await visit.AskAsync(() => limits.ReadAsync(DiagnosticContext.Asker, cancellationToken), listed => listed.Calls);
            return reply.Limits.TryGetValue(OrganizationLimits.RequestsPerMinute, out var allowed)
                ? Judged(allowed)
                : CheckOutcome.Skipped($"Not examined: the organisation's limits do not have '{OrganizationLimits.RequestsPerMinute}'.");
        }
        catch (GenesysException failed)
        {
            return CheckOutcome.Skipped($"Not examined: {failed.Failure.Message}") with { Details = GenesysRemedies.DetailsOf(failed.Failure) };
        }
    }

    private CheckOutcome Judged(double allowed)
    {
        var ours = options.Value.RequestsPerMinute;
        var text = FormattableString.Invariant($"The organisation allows a token {allowed} requests a minute, and Genesys:RequestsPerMinute is {ours}.");
        return ours > allowed
            ? CheckOutcome.Warning(text, FormattableString.Invariant($"Set Genesys:RequestsPerMinute to {allowed} or less, or have Genesys raise '{OrganizationLimits.RequestsPerMinute}'."))
            : CheckOutcome.Ok(text);
    }
}
