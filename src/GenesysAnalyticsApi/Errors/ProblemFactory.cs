using System.Net.Mime;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Maps failures to problems.</summary>
internal static class ProblemFactory
{
    // The defaults for failures without a Retry-After. The limits of Genesys are per minute, and outages rarely end within a few seconds.
    private static readonly TimeSpan RateLimitRetryAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(10);

    public static Problem InvalidRequest(IReadOnlyDictionary<string, string[]> errors) =>
        ProblemType.InvalidRequest.WithDetail("The member 'errors' lists each invalid parameter and the accepted values.") with { Errors = errors };

    public static Problem Forbidden(string scope) =>
        ProblemType.Forbidden.WithDetail($"These credentials lack the scope '{scope}'. Use credentials with this scope, or ask the operator of the service for it.");

    /// <summary>The request comes from a web page that the service does not know.</summary>
    public static Problem UnknownOrigin(string origin) => ProblemType.Forbidden.WithDetail(
        $"The Origin '{InputExcerpt.Of(origin)}' is not accepted. The service accepts requests without an Origin, from its own origin, from the origins in Cors:Origins "
        + "and, if it is called at a loopback address, from other loopback origins.");

    /// <summary>The identity provider cannot be reached, so bearer tokens cannot be validated.</summary>
    public static Problem IdentityUnavailable() =>
        ProblemType.IdentityUnavailable.WithDetail("The keys of the identity provider could not be read. The token may be valid: try again.") with { RetryAfter = DefaultRetryAfter };

    /// <summary>The text is the same whether the queue does not exist or is hidden from the caller.</summary>
    public static Problem UnknownQueueId(string id) => ProblemType.UnknownQueue.WithDetail($"No queue has the id '{InputExcerpt.Of(id)}'.");

    public static Problem UnknownUserId(string id) => ProblemType.UnknownUser.WithDetail($"No user has the id '{InputExcerpt.Of(id)}'.");

    public static Problem UnknownWrapUpCodeId(string id) => ProblemType.UnknownWrapUpCode.WithDetail($"No wrap-up code has the id '{InputExcerpt.Of(id)}'.");

    /// <summary>The caller can see only some queues, but the list of users does not show in which queues a user works.</summary>
    public static Problem UsersHidden() => ProblemType.Forbidden.WithDetail(
        "These credentials are limited to some queues, and the list of users also contains agents of other queues. To see the agents of your queues, group "
        + "/aggregates by userId; for the whole list, use credentials that are not limited to queues or divisions.");

    /// <summary>The caller's visibility depends on names or divisions, and the queue directory has not been read.</summary>
    public static Problem VisibilityUnknown(GenesysFailure failure) =>
        ProblemType.GenesysUnavailable.WithDetail("The service cannot determine yet which queues these credentials may see, because it has not read the queue listing of Genesys Cloud. Try again later.") with
        {
            RetryAfter = failure.RetryAfter ?? DefaultRetryAfter,
        };

    public static Problem AmbiguousQueue(string detail, object candidates) =>
        ProblemType.AmbiguousQueue.WithDetail(detail) with { Extensions = new Dictionary<string, object?> { ["candidates"] = candidates } };

    public static Problem AmbiguousUser(string detail, object candidates) =>
        ProblemType.AmbiguousUser.WithDetail(detail) with { Extensions = new Dictionary<string, object?> { ["candidates"] = candidates } };

    public static Problem BodyTooLarge(long limit) =>
        ProblemType.TooLarge.WithDetail(StatusCodes.Status413PayloadTooLarge, $"The body may have at most {limit} bytes (Limits:BodyBytes).");

    /// <param name="given">The Content-Type of the request; null or empty if there is none.</param>
    /// <param name="accepted">The media types that the address accepts.</param>
    public static Problem UnsupportedContentType(string? given, string accepted) => ProblemType.UnsupportedMediaType.WithDetail(string.IsNullOrWhiteSpace(given)
        ? $"The request has no Content-Type: send {accepted}, and name it in this header."
        : $"The Content-Type is '{InputExcerpt.Of(given)}': send {accepted}.");

    public static Problem UrlTooLong(int length, int limit) =>
        ProblemType.TooLarge.WithDetail(
            StatusCodes.Status414UriTooLong,
            $"The address has {length} characters; the maximum is {limit}. Shorten it. In a query with many queueId values, use a name pattern instead (queue=Billing*) "
            + "or divisionId, or omit all of them to query every queue, or, for figures, send the query in the body of POST /aggregates/query.");

    /// <summary>The query exceeds a limit, so the caller has to send a smaller query.</summary>
    public static Problem QueryTooLarge(string detail) =>
        ProblemType.TooLarge.WithDetail(StatusCodes.Status422UnprocessableEntity, detail);

    /// <summary>The query needs more Genesys requests than the limit for one query allows.</summary>
    public static Problem TooWide(string detail) => ProblemType.TooWide.WithDetail(detail);

    public static Problem CallerRateLimited(string detail, TimeSpan retryAfter) =>
        ProblemType.CallerRateLimited.WithDetail(detail) with { RetryAfter = retryAfter };

    public static Problem Overloaded(string detail, TimeSpan retryAfter) =>
        ProblemType.Overloaded.WithDetail(detail) with { RetryAfter = retryAfter };

    public static Problem FromGenesys(GenesysFailure failure)
    {
        var detailWithRemedy = $"{failure.Message}{QuoteOf(failure)} Use a shorter interval, a coarser granularity or fewer metrics.";
        return failure.Kind switch
        {
            GenesysFailureKind.Unauthorized => Refused(
                "Genesys:ClientId", "The credentials of this service are at fault: check Genesys:ClientId, Genesys:ClientSecret and Genesys:Region."),
            GenesysFailureKind.Forbidden => Refused(
                ":view", "The OAuth client of this service is at fault: it needs a role with analytics:conversationAggregate:view and routing:queue:view."),
            GenesysFailureKind.RateLimited => From(ProblemType.GenesysRateLimited) with { RetryAfter = failure.RetryAfter ?? RateLimitRetryAfter },
            GenesysFailureKind.Unavailable => From(ProblemType.GenesysUnavailable) with { RetryAfter = failure.RetryAfter ?? DefaultRetryAfter },
            GenesysFailureKind.Timeout => From(ProblemType.GenesysTimeout),
            GenesysFailureKind.TooLarge when failure.CallsUsedUp => QueryTooLarge(detailWithRemedy) with { Upstream = Upstream(failure) },
            GenesysFailureKind.TooLarge => From(ProblemType.GenesysRefused) with { Detail = $"{failure.Message}{QuoteOf(failure)}" },
            _ => From(ProblemType.GenesysRefused),
        };

        // If the message of the failure already names the permission or setting, the remedy is not added.
        Problem Refused(string settingOrPermission, string remedy) => failure.Message.Contains(settingOrPermission, StringComparison.Ordinal)
            ? From(ProblemType.GenesysRefused)
            : From(ProblemType.GenesysRefused) with { Detail = $"{failure.Message} {remedy}" };

        Problem From(ProblemType type) => type.WithDetail(failure.Message) with { Upstream = Upstream(failure), RetryAfter = failure.RetryAfter };
    }

    /// <param name="method">An unknown method, such as a known method in lower case.</param>
    /// <param name="knownMethod">The known method that differs from <paramref name="method"/> only in case; null if there is none.</param>
    public static Problem UnknownMethod(string method, string? knownMethod) => ProblemType.MethodNotAllowed.WithDetail(
        StatusCodes.Status501NotImplemented,
        $"'{InputExcerpt.Of(method)}' is not a known method. {(knownMethod is null ? "Use GET." : $"Write methods in capital letters: {knownMethod}.")}");

    /// <summary>The problem for an error status that the framework has chosen. The problem keeps the status.</summary>
    /// <param name="contentType">The Content-Type of the request.</param>
    /// <returns>Null if the status is not an error of the caller.</returns>
    public static Problem? FromStatus(int status, string? detail = null, string? contentType = null) => status switch
    {
        StatusCodes.Status404NotFound => ProblemType.NotFound.WithDetail(detail ?? "See /swagger for the available addresses."),
        StatusCodes.Status405MethodNotAllowed => ProblemType.MethodNotAllowed.WithDetail(detail ?? "The Allow header lists the supported methods."),
        StatusCodes.Status406NotAcceptable => ProblemType.NotAcceptable.WithDetail(detail),
        StatusCodes.Status413PayloadTooLarge => ProblemType.TooLarge.WithDetail(status, detail ?? "The body is too large."),
        StatusCodes.Status414UriTooLong => ProblemType.TooLarge.WithDetail(status, detail ?? "The address is too long."),
        StatusCodes.Status415UnsupportedMediaType => detail is null ? UnsupportedContentType(contentType, MediaTypeNames.Application.Json) : ProblemType.UnsupportedMediaType.WithDetail(detail),
        StatusCodes.Status412PreconditionFailed => ProblemType.InvalidRequest.WithDetail(
            status, detail ?? "The file has changed: it does not have the ETag in If-Match, or it was modified after the time in If-Unmodified-Since. Omit the header to get the current file."),
        StatusCodes.Status416RangeNotSatisfiable => ProblemType.InvalidRequest.WithDetail(
            status, detail ?? "The Range header selects no byte of the file: the Content-Range header of this response gives the size of the file. Omit Range to get the whole file."),
        >= 400 and < 500 => ProblemType.InvalidRequest.WithDetail(status, detail ?? "The request could not be read."),
        _ => null,
    };

    // Problems about a size limit quote the message of Genesys, because only this message contains the value of the limit.
    private static string QuoteOf(GenesysFailure failure) => failure.UpstreamMessage is { } message ? $" Genesys says: '{message}'" : "";

    private static UpstreamProblem? Upstream(GenesysFailure failure) =>
        failure is { Status: null, Code: null, UpstreamMessage: null, CorrelationId: null }
            ? null
            : new UpstreamProblem(failure.Status, failure.Code, failure.UpstreamMessage, failure.CorrelationId);
}
