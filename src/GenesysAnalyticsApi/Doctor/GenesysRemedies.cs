using System.Globalization;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>States the remedy for each way in which a request to the Genesys API can fail.</summary>
internal static class GenesysRemedies
{
    public const string Hanging = "Look at the way there first (a firewall or proxy that swallows packets), then at the status page of Genesys Cloud.";

    public const string Reach = "Allow outgoing connections to it from this machine or container; where there is a proxy, give its address in HTTPS_PROXY.";

    public const string Page =
        "Open the address with curl from this machine or container, to see what answers: a captive portal wants to be signed in to, a proxy has to let "
        + "Genesys through (its address belongs into HTTPS_PROXY), and a wrong Genesys:Region, Genesys:ApiBaseUrl or Genesys:LoginBaseUrl leads to another site.";

    /// <summary>Explains how to give the client a permission. A permission is effective only in the divisions in which its role is assigned.</summary>
    public static string RoleWith(string permission) =>
        $"In Genesys Admin, under Roles / Permissions, add '{permission}' to a role; under Integrations > OAuth > the client > Roles, assign that role "
        + "in every division that the service reports on.";

    /// <param name="what">The attempted action, as the beginning of a sentence.</param>
    /// <param name="permission">The permission that the action needs.</param>
    public static CheckOutcome Of(GenesysFailure failure, string what, string permission) =>
        Judged(failure, what, permission) with { Details = DetailsOf(failure) };

    /// <summary>The details of the Genesys reply, which Genesys support asks for.</summary>
    public static IReadOnlyDictionary<string, string>? DetailsOf(GenesysFailure failure)
    {
        var said = new (string Name, string? Value)[]
        {
            ("status", failure.Status?.ToString(CultureInfo.InvariantCulture)),
            ("code", failure.Code),
            ("message", failure.UpstreamMessage),
            ("correlationId", failure.CorrelationId),
        };
        var details = said.Where(one => !string.IsNullOrEmpty(one.Value)).ToDictionary(one => one.Name, one => one.Value!);
        return details.Count > 0 ? details : null;
    }

    private static CheckOutcome Judged(GenesysFailure failure, string what, string permission) => failure.Kind switch
    {
        _ when failure.IsPage => CheckOutcome.Failed(failure.Message, Page),
        GenesysFailureKind.Forbidden => CheckOutcome.Failed($"{what} is forbidden (403): the client lacks '{permission}'.", RoleWith(permission)),
        GenesysFailureKind.Unauthorized => CheckOutcome.Failed(
            failure.Message, "The client may have been disabled or its token revoked: look at its state under Integrations > OAuth in Genesys Admin."),
        GenesysFailureKind.RateLimited => CheckOutcome.Failed(
            $"{what} has to wait: {failure.Message}", "Look at 'budget' for who uses up the minute; lower Genesys:RequestsPerMinute, or give other services a client of their own."),
        GenesysFailureKind.Unavailable or GenesysFailureKind.Timeout => CheckOutcome.Failed(
            failure.Message,
            failure is { Status: null, RetryAfter: { } wait } ? $"Ask again in {Math.Ceiling(wait.TotalSeconds)} s: only then it is seen why."
                : failure.Status is null ? Hanging
                : "Nothing is wrong here: wait, and look at the status page of Genesys Cloud."),
        GenesysFailureKind.Unreadable => CheckOutcome.Failed(
            failure.Message, "Something else than Genesys Cloud may answer: check Genesys:Region and Genesys:ApiBaseUrl, and the proxy on the way (HTTPS_PROXY)."),
        _ => CheckOutcome.Failed(failure.Message, "Check Genesys:Region and Genesys:ApiBaseUrl. If they are right, the details below are for whoever maintains this service."),
    };
}
