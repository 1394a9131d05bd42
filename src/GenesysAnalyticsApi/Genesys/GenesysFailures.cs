namespace GenesysAnalyticsApi.Genesys;

/// <summary>The one place where failures are made: what Genesys answered, or did not, in our closed set.</summary>
internal static class GenesysFailures
{
    /// <summary>An answer of the API that is not a success.</summary>
    /// <param name="permission">What the call needs, for a 403.</param>
    public static GenesysException Answered(HttpResponseMessage response, GenesysErrorBody body, string? permission, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var (kind, retry) = Classify(status, body);
        return new(new GenesysFailure(
            kind,
            Sentence(kind, status, permission),
            status,
            body.Code,
            body.Message,
            body.CorrelationId,
            RetryAfterOf(response, clock)))
        {
            Retry = retry,
        };
    }

    /// <summary>The wait that Genesys asks for, as seconds or as a date, on our clock.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage response, TimeProvider clock)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => null,
        };
        return wait is { } told && told < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    public static GenesysException NoRegion(string reason) => new(new(GenesysFailureKind.Rejected, reason));

    /// <summary>The official SDK has enumerations of what can be asked; the text of what is not among them could not even be sent.</summary>
    public static GenesysException NotInSdk(string name, string version) =>
        new(new(GenesysFailureKind.Rejected, $"The official SDK {version} does not know '{name}'. Genesys:Client=Http asks for it as it is."));

    public static GenesysException Unreadable(string reason, GenesysRetry retry = GenesysRetry.Backoff, Exception? cause = null) =>
        new(new(GenesysFailureKind.Unreadable, $"The answer of Genesys could not be read: {reason}."), inner: cause) { Retry = retry };

    public static GenesysException AttemptTimedOut(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys did not answer within {limit.TotalSeconds:0.#} s (Genesys:AttemptTimeout)."))
        {
            Retry = GenesysRetry.Once,
        };

    public static GenesysException DeadlinePassed(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys gave no answer within {limit.TotalSeconds:0.#} s, retries included (Genesys:TotalTimeout)."));

    public static GenesysException BudgetUsedUp(TimeSpan wait) =>
        new(new(
            GenesysFailureKind.RateLimited,
            "The requests that Genesys allows a minute are used up for longer than the question can wait.",
            RetryAfter: wait));

    /// <summary>Genesys has asked everybody to stay away for a while.</summary>
    public static GenesysException Closed(GenesysFailureKind kind, TimeSpan wait) =>
        new(new(kind, "Genesys asked for a pause that is longer than the question can wait.", RetryAfter: wait));

    public static GenesysException BreakerOpen(TimeSpan? wait) =>
        new(new(GenesysFailureKind.Unavailable, "Genesys has failed repeatedly and is left alone for a moment.", RetryAfter: wait));

    public static GenesysException NotReached(Exception cause) =>
        new(new(GenesysFailureKind.Unavailable, $"Genesys could not be reached{CategoryOf(cause)}."), inner: cause) { Retry = GenesysRetry.Backoff };

    // The exception's own text can name proxies and addresses; its category is enough to act on.
    public static string CategoryOf(Exception cause) =>
        cause is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known ? $" ({known.HttpRequestError})" : "";

    private static (GenesysFailureKind Kind, GenesysRetry Retry) Classify(int status, GenesysErrorBody body) => status switch
    {
        401 => (GenesysFailureKind.Unauthorized, GenesysRetry.Replay),
        403 => (GenesysFailureKind.Forbidden, GenesysRetry.Never),
        408 or 504 => (GenesysFailureKind.Timeout, GenesysRetry.Once),
        413 => (GenesysFailureKind.TooLarge, GenesysRetry.Never),
        429 => (GenesysFailureKind.RateLimited, GenesysRetry.Backoff),
        400 when SaysTooLarge(body) => (GenesysFailureKind.TooLarge, GenesysRetry.Never),
        500 or 502 or 503 => (GenesysFailureKind.Unavailable, GenesysRetry.Backoff),
        > 500 => (GenesysFailureKind.Unavailable, GenesysRetry.Never),
        _ => (GenesysFailureKind.Rejected, GenesysRetry.Never),
    };

    // The first two are texts seen from the aggregates engine, the code is the contract's.
    private static bool SaysTooLarge(GenesysErrorBody body) =>
        body.Code == "response.entity.too.large"
        || (body.Message is { } message
            && (message.Contains("Result set is larger than result limit", StringComparison.OrdinalIgnoreCase)
                || message.Contains("limit of 30000 results", StringComparison.OrdinalIgnoreCase)));

    private static string Sentence(GenesysFailureKind kind, int status, string? permission) => kind switch
    {
        GenesysFailureKind.Unauthorized => "Genesys refuses our access token (401), a renewed one too.",
        GenesysFailureKind.Forbidden when permission is null => "Genesys forbids the call (403), though it needs no permission.",
        GenesysFailureKind.Forbidden =>
            $"Our OAuth client lacks a permission (403): give one of its roles '{permission}', in every division that shall be seen.",
        GenesysFailureKind.TooLarge => $"The answer would be larger than Genesys allows ({status}).",
        GenesysFailureKind.RateLimited => "Genesys limits our requests (429).",
        GenesysFailureKind.Timeout => $"Genesys took too long for the question ({status}).",
        GenesysFailureKind.Unavailable => $"Genesys is not available ({status}).",
        _ when status is >= 300 and < 400 => $"Genesys answered with a redirect ({status}), which is not followed: the token would go along. See Genesys:Region and Genesys:ApiBaseUrl.",
        _ => $"Genesys did not accept the question ({status}).",
    };
}
