using System.Globalization;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor.Diagnostics;

/// <summary>Names the remedy for each way in which a Genesys request can fail.</summary>
internal static class GenesysRemedies
{
    public const string Hanging = "Check the network path first (a firewall or proxy that drops packets), then the status page of Genesys Cloud.";

    public const string Reach = "Allow outgoing connections to it from this machine or container; if there is a proxy, set its address in HTTPS_PROXY.";

    public const string HtmlPage =
        "Open the address with curl from this machine or container, to see what responds: a captive portal requires a sign-in, a proxy must let "
        + "Genesys through (its address belongs in HTTPS_PROXY), and a wrong Genesys:Region, Genesys:ApiBaseUrl or Genesys:LoginBaseUrl is the address of another site.";

    /// <summary>Explains where to grant a permission. A permission applies only in the divisions in which its role is assigned.</summary>
    public static string RoleWith(string permission) =>
        $"In Genesys Admin, under Roles / Permissions, add '{permission}' to a role; under Integrations > OAuth > the client > Roles, assign that role "
        + "in every division that the service reports on.";

    /// <param name="what">The attempted action, as the subject of a sentence.</param>
    /// <param name="permission">The permission that the action requires.</param>
    public static CheckOutcome Of(GenesysFailure failure, string what, string permission) =>
        OutcomeOf(failure, what, permission) with { Details = DetailsOf(failure) };

    /// <summary>Returns the details that Genesys reported, which Genesys support asks for; null if there are none.</summary>
    public static IReadOnlyDictionary<string, string>? DetailsOf(GenesysFailure failure)
    {
        var details = new (string Name, string? Value)[]
        {
            ("status", failure.Status?.ToString(CultureInfo.InvariantCulture)),
            ("code", failure.Code),
            ("message", failure.UpstreamMessage),
            ("correlationId", failure.CorrelationId),
        };
        var known = details.Where(detail => !string.IsNullOrEmpty(detail.Value)).ToDictionary(detail => detail.Name, detail => detail.Value!);
        return known.Count > 0 ? known : null;
    }

    private static CheckOutcome OutcomeOf(GenesysFailure failure, string what, string permission) => failure.Kind switch
    {
        _ when failure.IsHtmlPage => CheckOutcome.Failed(failure.Message, HtmlPage),
        GenesysFailureKind.Forbidden => CheckOutcome.Failed($"{what} is forbidden (403): the OAuth client lacks '{permission}'.", RoleWith(permission)),
        GenesysFailureKind.Unauthorized => CheckOutcome.Failed(
            failure.Message, "The client may have been disabled or its token revoked: check its state under Integrations > OAuth in Genesys Admin."),
        GenesysFailureKind.RateLimited => CheckOutcome.Failed(
            $"{what} was throttled: {failure.Message}", "The check 'budget' shows what uses the requests allowed per minute; lower Genesys:RequestsPerMinute, or give other programs their own client."),
        GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout => CheckOutcome.Failed(
            failure.Message,
            failure is { Status: null, RetryAfter: { } wait } ? $"Run the doctor again in {Math.Ceiling(wait.TotalSeconds)} s. It cannot find the cause before then."
                : failure.Status is null ? Hanging
                : "This service works: wait, and check the status page of Genesys Cloud."),
        GenesysFailureKind.Unreadable => CheckOutcome.Failed(
            failure.Message, "A server other than Genesys Cloud may have replied: check Genesys:Region and Genesys:ApiBaseUrl, and any proxy in between (HTTPS_PROXY)."),
        _ => CheckOutcome.Failed(failure.Message, "Check Genesys:Region and Genesys:ApiBaseUrl. If they are correct, send the details below to the maintainers of this service."),
    };
}
