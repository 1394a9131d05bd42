using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>Creates the failures of the token endpoint. Its replies have a different shape from the replies of the API.</summary>
internal static class TokenEndpointFailures
{
    public static GenesysException NoCredentials() =>
        new(new(GenesysFailureKind.Unauthorized, "Genesys:ClientId or Genesys:ClientSecret is not set. Set both."));

    /// <summary>Converts an unsuccessful reply. A throttled endpoint can reply with 400, and then only the description shows that it throttles.</summary>
    public static GenesysException FromReply(HttpResponseMessage response, GenesysErrorBody body, GenesysOptions options, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfterParser.Of(response, body, clock);
        if (body.IsPage)
        {
            return GenesysFailureFactory.Page(status, body, "Genesys:LoginBaseUrl", wait);
        }

        var throttled = status == 429
            || (status == 400 && body.Message?.StartsWith("rate limit exceeded", StringComparison.OrdinalIgnoreCase) == true);
        var (kind, retry, message) = status switch
        {
            _ when throttled => (GenesysFailureKind.RateLimited, RetryKind.Backoff, "Genesys throttles the logins of this service."),
            408 or >= 500 => (GenesysFailureKind.Unavailable, RetryKind.Backoff, $"The Genesys login is unavailable ({status})."),
            400 or 401 or 403 => (GenesysFailureKind.Unauthorized, RetryKind.Never, CredentialsRefused(status, options)),
            >= 300 and < 400 => (GenesysFailureKind.Rejected, RetryKind.Never,
                $"The Genesys login replied with a redirect{GenesysFailureFactory.TargetOf(response)} ({status}). It is not followed, because that would expose the client secret. "
                + "Check Genesys:Region, Genesys:LoginBaseUrl and the proxy (HTTPS_PROXY)."),
            407 => (GenesysFailureKind.Rejected, RetryKind.Never,
                "A proxy between this service and the Genesys login requires credentials (407): add them to the address in HTTPS_PROXY."),
            _ => (GenesysFailureKind.Rejected, RetryKind.Never, $"The Genesys login rejected the request ({status}). Check Genesys:Region and Genesys:LoginBaseUrl."),
        };
        return new(new(kind, message, status, body.Code, body.Message, body.CorrelationId, wait)) { Retry = retry };
    }

    public static GenesysException Unreadable(string reason) =>
        new(new(GenesysFailureKind.Unreadable, $"The reply of the Genesys login could not be read: {reason}. Check Genesys:Region and Genesys:LoginBaseUrl."))
        {
            Retry = RetryKind.Backoff,
        };

    public static GenesysException NotReached(Exception cause) => GenesysFailureFactory.HasTooLongHeaders(cause)
        ? Unreadable($"its headers exceed {ReplyLimit.HeaderKiB} KiB")
        : new(new(GenesysFailureKind.Unavailable, $"The Genesys login could not be reached{GenesysFailureFactory.CategoryOf(cause)}."), inner: cause) { Retry = RetryKind.Backoff };

    private static string CredentialsRefused(int status, GenesysOptions options)
    {
        var location = options.LoginBaseUrl is { } url ? $"at {url.Host}" : $"in region {options.Region}";
        return $"Genesys rejected the OAuth client {location} ({status}). Check Genesys:ClientId and Genesys:ClientSecret, "
            + "and that the client belongs to this region.";
    }
}
