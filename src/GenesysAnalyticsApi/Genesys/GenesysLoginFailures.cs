namespace GenesysAnalyticsApi.Genesys;

/// <summary>The failures of the token endpoint, whose answers have another shape than the API's.</summary>
internal static class GenesysLoginFailures
{
    public static GenesysException NoCredentials() =>
        new(new(GenesysFailureKind.Unauthorized, "Genesys:ClientId and Genesys:ClientSecret are not set."));

    /// <summary>An answer of the token endpoint that is not a success. A throttled one answers 400, and names it in the description alone.</summary>
    public static GenesysException Answered(HttpResponseMessage response, GenesysErrorBody body, GenesysOptions options, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var wait = GenesysRetryAfter.Of(response, body, clock);
        if (body.IsPage)
        {
            return GenesysFailures.Page(status, body, "Genesys:LoginBaseUrl", wait);
        }

        var throttled = status == 429
            || (status == 400 && body.Message?.StartsWith("rate limit exceeded", StringComparison.OrdinalIgnoreCase) == true);
        var (kind, retry, message) = status switch
        {
            _ when throttled => (GenesysFailureKind.RateLimited, GenesysRetry.Backoff, "Genesys limits our logins."),
            408 or >= 500 => (GenesysFailureKind.Unavailable, GenesysRetry.Backoff, $"The login of Genesys is not available ({status})."),
            400 or 401 or 403 => (GenesysFailureKind.Unauthorized, GenesysRetry.Never, CredentialsRefused(status, options)),
            >= 300 and < 400 => (GenesysFailureKind.Rejected, GenesysRetry.Never,
                $"The login of Genesys answered with a redirect{GenesysFailures.TargetOf(response)} ({status}), which is not followed: the secret would go along. "
                + "Check Genesys:Region, Genesys:LoginBaseUrl and the proxy (HTTPS_PROXY)."),
            407 => (GenesysFailureKind.Rejected, GenesysRetry.Never,
                "A proxy on the way to the login of Genesys asks for credentials (407): give them with its address in HTTPS_PROXY."),
            _ => (GenesysFailureKind.Rejected, GenesysRetry.Never, $"The login of Genesys did not accept the request ({status}). See Genesys:Region and Genesys:LoginBaseUrl."),
        };
        return new(new(kind, message, status, body.Code, body.Message, body.CorrelationId, wait)) { Retry = retry };
    }

    public static GenesysException Unreadable(string reason) =>
        new(new(GenesysFailureKind.Unreadable, $"The answer of Genesys' login could not be read: {reason}. See Genesys:Region and Genesys:LoginBaseUrl."))
        {
            Retry = GenesysRetry.Backoff,
        };

    public static GenesysException NotReached(Exception cause) => GenesysFailures.HasTooLongHeaders(cause)
        ? Unreadable($"its headers have more than {GenesysRegistration.HeaderKiB} KiB")
        : new(new(GenesysFailureKind.Unavailable, $"The login of Genesys could not be reached{GenesysFailures.CategoryOf(cause)}."), inner: cause) { Retry = GenesysRetry.Backoff };

    private static string CredentialsRefused(int status, GenesysOptions options)
    {
        var where = options.LoginBaseUrl is { } url ? $"at {url.Host}" : $"in region {options.Region}";
        return $"Genesys refuses our OAuth client {where} ({status}): check Genesys:ClientId and Genesys:ClientSecret, and that the client belongs to this region.";
    }
}
