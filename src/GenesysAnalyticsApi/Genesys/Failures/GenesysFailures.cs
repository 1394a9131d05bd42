using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>The one place where failures are made: what Genesys answered, or did not, in our closed set.</summary>
internal static class GenesysFailures
{
    /// <summary>An answer of the API that is not a success.</summary>
    /// <param name="permission">What the call needs, for a 403.</param>
    public static GenesysException FromReply(HttpResponseMessage response, GenesysErrorBody body, string? permission, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfterParser.Of(response, body, clock);
        if (body.IsPage)
        {
            return Page(status, body, "Genesys:ApiBaseUrl", wait);
        }

        var (kind, retry) = Classify(status, body);
        return new(new GenesysFailure(kind, Sentence(kind, response, permission), status, body.Code, body.Message, body.CorrelationId, wait))
        {
            Retry = retry,
        };
    }

    /// <summary>
    /// A page of HTML where JSON is due. A server that is ill shows one too, and it is given the time that its status is given anyway;
    /// everything else is asked once more, because a portal may have been opened meanwhile.
    /// </summary>
    /// <param name="setting">The setting with the address that was asked.</param>
    public static GenesysException Page(int status, GenesysErrorBody page, string setting, TimeSpan? wait)
    {
        var (kind, retry) = status is 408 or 429 or 500 or 502 or 503 or 504 ? Classify(status, page) : (GenesysFailureKind.Unreadable, RetryPolicy.Once);
        var title = page.PageTitle is { } text ? $" with the title '{text}'" : "";
        var sentence = $"A page of HTML{title} came where the JSON of Genesys is due (status {status}): a proxy, a captive portal or another site may answer "
            + $"instead of Genesys. Check Genesys:Region, {setting} and the proxy (HTTPS_PROXY).";
        return new(new GenesysFailure(kind, sentence, status is >= 200 and < 300 ? null : status, CorrelationId: page.CorrelationId, RetryAfter: wait) { IsPage = true })
        {
            Retry = retry,
        };
    }

    /// <summary>
    /// The reading was given up at the limit. Figures can be asked for in smaller pieces; nothing else gets smaller by asking again.
    /// </summary>
    public static GenesysException TooLong(ReplyLimit limit) => limit.Setting is { } setting
        ? new(new(GenesysFailureKind.TooLarge, $"The answer of {limit.What} has more than {limit.Bytes} bytes ({setting}). Ask for less, or raise that setting."))
        : new(new(GenesysFailureKind.Unreadable, $"The answer of {limit.What} has more than {limit.Bytes} bytes, which is more than it can need, and was not read."));

    public static GenesysException NoRegion(string reason) => new(new(GenesysFailureKind.Rejected, reason));

    /// <summary>The official SDK has enumerations of what can be asked; the text of what is not among them could not even be sent.</summary>
    public static GenesysException NotInSdk(string name, string version) =>
        new(new(GenesysFailureKind.Rejected, $"The official SDK {version} does not know '{name}'. Genesys:Client=Http asks for it as it is."));

    public static GenesysException Unreadable(string reason, RetryPolicy retry = RetryPolicy.Backoff, Exception? cause = null) =>
        new(new(GenesysFailureKind.Unreadable, $"The answer of Genesys could not be read: {reason}."), inner: cause) { Retry = retry };

    public static GenesysException AttemptTimedOut(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys did not answer within {limit.TotalSeconds:0.#} s (Genesys:AttemptTimeout)."))
        {
            Retry = RetryPolicy.Once,
        };

    public static GenesysException DeadlinePassed(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys gave no answer within {limit.TotalSeconds:0.#} s, retries included (Genesys:TotalTimeout)."));

    public static GenesysException BudgetUsedUp(TimeSpan wait) =>
        new(new(
            GenesysFailureKind.RateLimited,
            "The requests that Genesys allows a minute are used up for longer than the question can wait.",
            RetryAfter: wait));

    /// <summary>The question has made all the calls that one question may make. What they were spent on decides the kind.</summary>
    public static GenesysException CallsUsedUp(CallBudget calls)
    {
        var limit = $"One question may make {calls.Limit} calls to Genesys, retries and splits included (Aggregates:MaxUpstreamCalls), and has made them.";
        return new(calls.Cause is { } cause
            ? cause with { Message = $"{cause.Message} {limit}", RetryAfter = null, CallsUsedUp = true }
            : new GenesysFailure(GenesysFailureKind.TooLarge, limit, CallsUsedUp: true));
    }

    /// <summary>Genesys has asked everybody to stay away for a while.</summary>
    public static GenesysException Closed(GenesysFailureKind kind, TimeSpan wait) =>
        new(new(kind, "Genesys asked for a pause that is longer than the question can wait.", RetryAfter: wait));

    public static GenesysException BreakerOpen(TimeSpan? wait) =>
        new(new(GenesysFailureKind.Unavailable, "Genesys has failed repeatedly and is left alone for a moment.", RetryAfter: wait));

    public static GenesysException NotReached(Exception cause) => HasTooLongHeaders(cause)
        ? Unreadable($"its headers have more than {GenesysRegistration.HeaderKiB} KiB", RetryPolicy.Once, cause)
        : new(new(GenesysFailureKind.Unavailable, $"Genesys could not be reached{CategoryOf(cause)}."), inner: cause) { Retry = RetryPolicy.Backoff };

    // The exception's own text can name proxies and addresses; its category is enough to act on.
    public static string CategoryOf(Exception cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
            $" ({HttpRequestError.ProxyTunnelError}): the proxy in HTTPS_PROXY does not let the connection through",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known => $" ({known.HttpRequestError})",
        _ => "",
    };

    /// <summary>The answer came; its headers are larger than the client takes.</summary>
    public static bool HasTooLongHeaders(Exception cause) => cause is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    /// <summary>A host name, fit to be shown.</summary>
    public static string TargetOf(HttpResponseMessage redirect) => redirect.Headers.Location is { IsAbsoluteUri: true, IdnHost: { Length: > 0 and < 100 } host } ? $" to '{host}'" : "";

    private static (GenesysFailureKind Kind, RetryPolicy Retry) Classify(int status, GenesysErrorBody body) => status switch
    {
        401 => (GenesysFailureKind.Unauthorized, RetryPolicy.Replay),
        403 => (GenesysFailureKind.Forbidden, RetryPolicy.Never),
        408 or 504 => (GenesysFailureKind.Timeout, RetryPolicy.Once),
        413 => (GenesysFailureKind.TooLarge, RetryPolicy.Never),
        429 => (GenesysFailureKind.RateLimited, RetryPolicy.Backoff),
        400 when SaysTooLarge(body) => (GenesysFailureKind.TooLarge, RetryPolicy.Never),
        500 or 502 or 503 => (GenesysFailureKind.Unavailable, RetryPolicy.Backoff),
        > 500 => (GenesysFailureKind.Unavailable, RetryPolicy.Never),
        _ => (GenesysFailureKind.Rejected, RetryPolicy.Never),
    };

    // The first two are texts seen from the aggregates engine, the code is the contract's.
    private static bool SaysTooLarge(GenesysErrorBody body) =>
        body.Code == "response.entity.too.large"
        || (body.Message is { } message
            && (message.Contains("Result set is larger than result limit", StringComparison.OrdinalIgnoreCase)
                || message.Contains("limit of 30000 results", StringComparison.OrdinalIgnoreCase)));

    private static string Sentence(GenesysFailureKind kind, HttpResponseMessage response, string? permission)
    {
        var status = (int)response.StatusCode;
        return kind switch
        {
            GenesysFailureKind.Unauthorized => "Genesys refuses our access token (401), a renewed one too.",
            GenesysFailureKind.Forbidden when permission is null => "Genesys forbids the call (403), though it needs no permission.",
            GenesysFailureKind.Forbidden =>
                $"Our OAuth client lacks a permission (403): give one of its roles '{permission}', in every division that the service reports on.",
            GenesysFailureKind.TooLarge => $"The answer would be larger than Genesys allows ({status}).",
            GenesysFailureKind.RateLimited => "Genesys limits our requests (429).",
            GenesysFailureKind.Timeout => $"Genesys took too long for the question ({status}).",
            GenesysFailureKind.Unavailable => $"Genesys is not available ({status}).",
            _ when status is >= 300 and < 400 =>
                $"Genesys answered with a redirect{TargetOf(response)} ({status}), which is not followed: the token would go along. "
                + "Check Genesys:Region, Genesys:ApiBaseUrl and the proxy (HTTPS_PROXY).",
            _ when status == 407 => "A proxy on the way to Genesys asks for credentials (407): give them with its address in HTTPS_PROXY.",
            _ => $"Genesys did not accept the question ({status}).",
        };
    }
}
