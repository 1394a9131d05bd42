namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Creates the exceptions for the failures that only asynchronous queries have.</summary>
internal static class AsyncQueryFailures
{
    /// <summary>
    /// Creates the failure of a query that Genesys could not compute. If the query was too large, the kind is <c>TooLarge</c>, because another attempt would
    /// fail too. Otherwise the kind is <c>Unavailable</c> instead of <c>Rejected</c>, because Genesys had accepted the query, and other parts of a response
    /// can still be shown.
    /// </summary>
    /// <param name="permission">The permission that the query needs.</param>
    public static GenesysException Failed(string? errorMessage, string? clientSecret, string permission)
    {
        var body = GenesysErrorBody.OfMessage(errorMessage, clientSecret);
        var isTooLarge = StatusClassifier.Classify(400, body, permission).Kind == GenesysFailureKind.TooLarge;
        return new(new(isTooLarge ? GenesysFailureKind.TooLarge : GenesysFailureKind.Unavailable, "Genesys could not complete the asynchronous query (FAILED).", UpstreamMessage: body.Message)
        {
            MaxIntervalDays = isTooLarge ? DetailsLimitDetector.MaxIntervalDaysOf(body, permission) : null,
        });
    }

    public static GenesysException Cancelled() =>
        new(new(GenesysFailureKind.Unavailable, "Genesys canceled the asynchronous query (CANCELLED)."));

    public static GenesysException Expired() =>
        new(new(GenesysFailureKind.Timeout, "The results of the asynchronous query expired before they were read (EXPIRED)."));

    public static GenesysException TimedOut(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys did not complete the asynchronous query within {limit.TotalSeconds:0.#} s (Genesys:AsyncQueryTimeout)."));

    public static GenesysException PageTimedOut(TimeSpan limit) =>
        new(new(GenesysFailureKind.Timeout, $"Genesys did not deliver a page of the asynchronous query within {limit.TotalSeconds:0.#} s (Genesys:AsyncQueryTimeout)."));

    /// <summary>
    /// Converts the rejection of a request for the state or the results of a query that Genesys had accepted. The kind of the converted failure shows that only
    /// this query failed: a rejection with status 400 would look as if Genesys did not know one of the metrics, and one with status 403, 404, 405 or 501 as if
    /// Genesys offered no asynchronous queries to this OAuth client.
    /// </summary>
    public static GenesysFailure AfterSubmission(GenesysFailure rejected) => rejected.Status is 404 or 410
        ? rejected with { Kind = GenesysFailureKind.Timeout, Message = $"The asynchronous query or its results no longer exist at Genesys ({rejected.Status})." }
        : rejected with { Kind = GenesysFailureKind.Unreadable, Message = $"Genesys accepted the asynchronous query, but its results cannot be read ({rejected.Status})." };
}
