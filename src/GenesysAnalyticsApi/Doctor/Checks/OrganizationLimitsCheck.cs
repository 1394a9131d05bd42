using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observations.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// For each limit that this service keeps, shows the organization's limit, the service's own limit, and which of the two applies. Reading the limits
/// requires no permission. Unless Genesys:ReadLimits is false, the limits that were read apply at once.
/// </summary>
internal sealed class OrganizationLimitsCheck(
    OrganizationLimits limits, LimitCeilings ceilings, IOptions<GenesysOptions> options, IOptions<ObservationsOptions> observations, TimeProvider clock)
    : DiagnosticCheck(DiagnosticNames.Limits, "The request for the organization's limits", 11, DiagnosticNames.Token)
{
    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var read = await context.SendAsync(() => limits.ReadAsync(DiagnosticContext.Origin, cancellationToken), reply => reply.Calls);

        // If Genesys:ReadLimits is false, the limits are shown but do not apply.
        var shown = options.Value.ReadLimits ? ceilings : new LimitCeilings(NullLogger<LimitCeilings>.Instance);
        shown.Apply(read, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        var outcome = read.IsEmpty && LimitDefinition.All.All(definition => shown.Find(definition.Kind).Ceiling is null)
            ? OutcomeOf(read.Failures[0])
            : OutcomeOf(shown.Find(LimitKind.RequestsPerMinute), read.Failure);
        return outcome with { Details = outcome.Details ?? DetailsOf(shown) };
    }

    public override CheckOutcome OutcomeOf(GenesysFailure failure) =>
        CheckOutcome.Skipped($"Not checked: {failure.Message}") with { Details = GenesysRemedies.DetailsOf(failure) };

    /// <param name="failure">Why some limits could not be read; null if all were read.</param>
    private CheckOutcome OutcomeOf(LimitFinding requests, GenesysFailure? failure)
    {
        var rest = failure is null ? "" : $" Some limits could not be read now: {failure.Message}";
        if (requests.Ceiling is not { } ceiling)
        {
            return CheckOutcome.Skipped($"The requests per minute are not checked: {requests.Reason}.{rest}");
        }

        var ours = options.Value.RequestsPerMinute;
        var theirs = ceiling.IsDefault ? "By default, Genesys allows an organization" : "The organization allows";
        var text = FormattableString.Invariant($"{theirs} {ceiling.Value} requests per minute and token, and Genesys:RequestsPerMinute is {ours}.{rest}");
        return ours > ceiling.Value
            ? CheckOutcome.Warning(text, FormattableString.Invariant($"Set Genesys:RequestsPerMinute to {ceiling.Value} or less, or ask Genesys to raise '{ceiling.Key}'."))
            : CheckOutcome.Ok(text);
    }

    private Dictionary<string, string> DetailsOf(LimitCeilings shown) => new(StringComparer.Ordinal)
    {
        ["requestsPerMinute"] = TextOf(shown, LimitKind.RequestsPerMinute, options.Value.RequestsPerMinute, "Genesys:RequestsPerMinute"),
        ["predicates"] = TextOf(shown, LimitKind.Predicates, observations.Value.MaxPredicates, "Observations:MaxPredicates"),
        ["topicsPerChannel"] = TextOf(shown, LimitKind.TopicsPerChannel, options.Value.TopicsPerChannel, "Genesys:TopicsPerChannel"),
        ["channels"] = TextOf(shown, LimitKind.Channels, NotificationWire.MaxChannels, setting: null),
        ["activityPageSize"] = TextOf(shown, LimitKind.ActivityPageSize, ActivityWire.PageSize, setting: null),
    };

    /// <param name="setting">The setting with the service's own limit; null if that limit is fixed.</param>
    private string TextOf(LimitCeilings shown, LimitKind kind, int ours, string? setting)
    {
        var definition = LimitDefinition.Of(kind);
        var (ceiling, reason) = shown.Find(kind);
        var isRead = options.Value.ReadLimits;
        var applies = isRead && ceiling is not null ? Math.Min(ours, ceiling.Value) : ours;
        var theirs = ceiling is null ? $"not known, because {reason}" : FormattableString.Invariant($"{ceiling.Value} ({OriginOf(ceiling)})");
        var own = FormattableString.Invariant($"{setting ?? "this service's own limit"} is {ours}");
        var unused = isRead || ceiling is null ? "" : "; it does not apply, because Genesys:ReadLimits is false";
        return FormattableString.Invariant($"{applies} {definition.Meaning}: the organization's limit is {theirs}{unused}; {own}");
    }

    private string OriginOf(LimitCeiling ceiling)
    {
        var age = Instant.FromDateTimeOffset(clock.GetUtcNow()) - ceiling.ReadAt;
        var kept = age > Duration.FromMinutes(1) ? FormattableString.Invariant($", read {age.TotalMinutes:0} minutes ago") : "";
        return $"{(ceiling.IsDefault ? "the documented default" : "its own value")} of {ceiling.Namespace}/{ceiling.Key}{kept}";
    }
}
