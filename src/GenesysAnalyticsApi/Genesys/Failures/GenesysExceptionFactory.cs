using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Creates the exceptions for failed requests to the Genesys API.</summary>
internal static class GenesysExceptionFactory
{
    /// <summary>Converts an unsuccessful reply from the API into an exception.</summary>
    /// <param name="permission">
    /// The permission that the request needs. It appears in the message of a 403. It also identifies the kind of request, because some limits apply to only one
    /// kind.
    /// </param>
    public static GenesysException FromReply(HttpResponseMessage response, GenesysErrorBody body, string? permission, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfterParser.Of(response, body, clock);
        if (body.IsHtmlPage)
        {
            return HtmlPage(status, body, "Genesys:ApiBaseUrl", wait);
        }

        var (kind, retry) = StatusClassifier.Classify(status, body, permission);
        var days = kind == GenesysFailureKind.TooLarge ? DetailsLimitDetector.MaxIntervalDaysOf(body, permission) : null;
        var sentence = days is null ? Sentence(kind, response, permission) : $"The interval is longer than Genesys allows ({status}): at most {days} days.";
        return new(new(kind, sentence, status, body.Code, body.Message, body.CorrelationId, wait) { MaxIntervalDays = days, MaxPredicates = status == 400 ? PredicateLimitParser.MaxOf(body, permission) : null }) { Retry = retry };
    }

    /// <summary>
    /// Creates the exception for an HTML page that arrived instead of JSON. If the status is 408, 429, 500, 502, 503 or 504, it determines the kind and the
    /// retries. With any other status, the request is retried once, because someone could have signed in to a captive portal in the meantime.
    /// </summary>
    /// <param name="setting">The setting that contains the address of the request.</param>
    public static GenesysException HtmlPage(int status, GenesysErrorBody page, string setting, TimeSpan? wait)
    {
        var (kind, retry) = status is 408 or 429 or 500 or 502 or 503 or 504 ? StatusClassifier.Classify(status, page, permission: null) : (GenesysFailureKind.Unreadable, RetryKind.Once);
        var title = page.PageTitle is { } text ? $" with the title '{text}'" : "";
        var sentence = $"Received an HTML page{title} instead of JSON from Genesys (status {status}). A proxy, a captive portal or another site may be replying "
            + $"in its place. Check Genesys:Region, {setting} and the proxy (HTTPS_PROXY).";
        var shownStatus = status is >= 200 and < 300 ? (int?)null : status;
        return new(new(kind, sentence, shownStatus, CorrelationId: page.CorrelationId, RetryAfter: wait) { IsHtmlPage = true }) { Retry = retry };
    }

    /// <summary>
    /// Creates the exception for a reply that exceeds its limit. The limits with a setting apply to replies with data, which can be requested in smaller parts,
    /// so the kind is TooLarge. Fixed limits apply to all other replies, for which neither smaller parts nor a retry would help.
    /// </summary>
    public static GenesysException TooLong(ReplyLimit limit) => limit.Setting is { } setting
        ? new(new(GenesysFailureKind.TooLarge, $"{limit.What} exceeds {limit.Bytes} bytes ({setting}). Request less data, or raise that setting."))
        : new(new(GenesysFailureKind.Unreadable, $"{limit.What} exceeds the fixed limit of {limit.Bytes} bytes and was discarded."));

    public static GenesysException NoRegion(string reason) => new(new(GenesysFailureKind.Rejected, reason));

    /// <summary>Creates the exception for a value that the official SDK cannot send, because its enumerations lack the value.</summary>
    public static GenesysException NotInSdk(string name, string version) =>
        new(new(GenesysFailureKind.Rejected, $"The official SDK {version} does not support '{name}'. Set Genesys:Client=Http to request it."));

    public static GenesysException Unreadable(string reason, RetryKind retry = RetryKind.Backoff, Exception? cause = null) =>
        new(new(GenesysFailureKind.Unreadable, $"The Genesys reply could not be read: {reason}."), inner: cause) { Retry = retry };

    /// <summary>
    /// Creates the exception for a bucket that was not requested. The request is not retried, because it would return the same buckets again.
    /// </summary>
    public static GenesysException UnrequestedBucket(string reason) =>
        new(Unreadable(reason).Failure with { HasUnrequestedBuckets = true }) { Retry = RetryKind.Never };

    public static GenesysException AttemptTimedOut(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys did not reply within {limit.TotalSeconds:0.#} s (Genesys:AttemptTimeout).")) { Retry = RetryKind.Once };

    public static GenesysException DeadlinePassed(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys did not reply within {limit.TotalSeconds:0.#} s, including retries (Genesys:TotalTimeout)."));

    public static GenesysException RateLimitExhausted(TimeSpan wait) =>
        new(new(GenesysFailureKind.RateLimited, "The Genesys rate limit will stay exhausted for longer than the query can wait.", RetryAfter: wait));

    /// <summary>
    /// Creates the exception for a query that has used its whole call budget. The failure that caused the additional requests determines the kind; without such
    /// a failure, the kind is TooLarge.
    /// </summary>
    /// <param name="limit">The number of requests that the query was allowed to send.</param>
    public static GenesysException CallsUsedUp(int limit, GenesysFailure? cause)
    {
        var message = $"The query used all of its {limit} calls to Genesys, including retries and splits (Aggregates:MaxUpstreamCalls).";
        return new(cause is not null
            ? cause with { Message = $"{cause.Message} {message}", RetryAfter = null, CallsUsedUp = true }
            : new GenesysFailure(GenesysFailureKind.TooLarge, message, CallsUsedUp: true));
    }

    /// <summary>Creates the exception for a request during a cooldown that Genesys requested.</summary>
    public static GenesysException CooldownActive(GenesysFailureKind kind, TimeSpan wait) =>
        new(new(kind, "Genesys requested a cooldown that is longer than the query can wait.", RetryAfter: wait));

    public static GenesysException BreakerOpen(TimeSpan? wait) =>
        new(new(GenesysFailureKind.Unavailable, "The circuit breaker is open after repeated Genesys failures.", RetryAfter: wait));

    public static GenesysException NotReached(Exception cause) => HasTooLongHeaders(cause)
        ? Unreadable($"its headers exceed {ReplyLimit.HeaderKiB} KiB", RetryKind.Once, cause)
        : new(new(GenesysFailureKind.Unavailable, $"Genesys could not be reached{CategoryOf(cause)}."), inner: cause) { Retry = RetryKind.Backoff };

    // The exception's message can contain the addresses of hosts and proxies, so only the category of the exception is used.
    public static string CategoryOf(Exception cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
            $" ({HttpRequestError.ProxyTunnelError}): the proxy in HTTPS_PROXY rejected the connection",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known => $" ({known.HttpRequestError})",
        _ => "",
    };

    /// <summary>Whether a reply arrived, but its headers exceed the limit of the HTTP client.</summary>
    public static bool HasTooLongHeaders(Exception cause) => cause is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    /// <summary>The phrase " to 'host'" with the target of the redirect, for messages; empty if there is no usable host.</summary>
    public static string TargetOf(HttpResponseMessage redirect) => redirect.Headers.Location is { IsAbsoluteUri: true, IdnHost: { Length: > 0 and < 100 } host } ? $" to '{host}'" : "";

    private static string Sentence(GenesysFailureKind kind, HttpResponseMessage response, string? permission)
    {
        var status = (int)response.StatusCode;
        return kind switch
        {
            GenesysFailureKind.Unauthorized => "Genesys rejected the access token (401), even after a renewal.",
            GenesysFailureKind.Forbidden when permission is null => "Genesys denied the request (403), although the request needs no permission.",
            GenesysFailureKind.Forbidden =>
                $"The OAuth client lacks a permission (403). Grant '{permission}' to one of its roles, in every division that the service reports on.",
            GenesysFailureKind.TooLarge => $"The reply would be larger than Genesys allows ({status}).",
            GenesysFailureKind.RateLimited => "Genesys is throttling the requests of this service (429).",
            GenesysFailureKind.Timeout => $"Genesys took too long to process the request ({status}).",
            GenesysFailureKind.Unavailable => $"Genesys is unavailable ({status}).",
            _ when status is >= 300 and < 400 =>
                $"Genesys replied with a redirect{TargetOf(response)} ({status}). The service did not follow it, because that would expose the access token. "
                + "Check Genesys:Region, Genesys:ApiBaseUrl and the proxy (HTTPS_PROXY).",
            _ when status == 407 => "A proxy between this service and Genesys requires credentials (407): add them to the address in HTTPS_PROXY.",
            _ => $"Genesys rejected the request ({status}).",
        };
    }
}
