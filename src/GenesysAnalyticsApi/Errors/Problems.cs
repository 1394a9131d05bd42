using System.Collections.Frozen;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Failure → problem: the only table of its kind.</summary>
internal static class Problems
{
    private static readonly FrozenSet<string> Methods =
        FrozenSet.ToFrozenSet(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"], StringComparer.Ordinal);

    // Where the far side gives no time itself: its limits count by the minute, and an outage rarely ends within seconds.
    private static readonly TimeSpan UntilBudgetRefills = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(10);

    public static Problem InvalidRequest(IReadOnlyDictionary<string, string[]> errors) =>
        ProblemType.InvalidRequest.WithDetail("See errors: each wrong parameter with what is accepted.") with { Errors = errors };

    public static Problem Unauthenticated(string detail) => ProblemType.Unauthenticated.WithDetail(detail);

    public static Problem Forbidden(string scope) =>
        ProblemType.Forbidden.WithDetail($"It needs the scope '{scope}', which these credentials do not have.");

    /// <summary>The identity provider does not answer, so nobody can tell whether a token is good.</summary>
    public static Problem IdentityUnavailable() =>
        ProblemType.IdentityUnavailable.WithDetail("The identity provider cannot be asked for its keys. The token may be good: try again.") with { RetryAfter = UntilNextTry };

    /// <summary>The same words whether there is no such queue or the caller may not see it.</summary>
    public static Problem UnknownQueueId(string id) => UnknownQueue($"No queue has the id '{InputExcerpt.Of(id)}'.");

    public static Problem UnknownQueue(string detail) => ProblemType.UnknownQueue.WithDetail(detail);

    /// <summary>A caller who is limited by names or divisions, while nobody knows which queues these are.</summary>
    public static Problem ViewUnknown(GenesysFailure failure) =>
        ProblemType.GenesysUnavailable.WithDetail("Which queues these credentials may see is not known yet: the queues of Genesys Cloud could not be read so far.") with
        {
            RetryAfter = failure.RetryAfter ?? UntilNextTry,
        };

    public static Problem AmbiguousQueue(string detail, object candidates) =>
        ProblemType.AmbiguousQueue.WithDetail(detail) with
        {
            Extensions = new Dictionary<string, object?> { ["candidates"] = candidates },
        };

    public static Problem NotAcceptable(string detail) => ProblemType.NotAcceptable.WithDetail(detail);

    public static Problem BodyTooLarge(long limit) =>
        ProblemType.TooLarge.WithDetail(StatusCodes.Status413PayloadTooLarge, $"The body may have at most {limit} bytes (Limits:BodyBytes).");

    public static Problem UrlTooLong(int length, int limit) =>
        ProblemType.TooLarge.WithDetail(
            StatusCodes.Status414UriTooLong,
            $"The address has {length} characters and may have at most {limit}. Instead of a long list of queueId, ask by name pattern (queue=Billing*) "
            + "or by divisionId, or leave all of them out for every queue.");

    /// <summary>The plan exceeds a limit that nothing but a smaller question can mend.</summary>
    public static Problem QuestionTooLarge(string detail) =>
        ProblemType.TooLarge.WithDetail(StatusCodes.Status422UnprocessableEntity, detail);

    /// <summary>The plan needs more upstream calls than one request may make.</summary>
    public static Problem TooWide(string detail) => ProblemType.TooWide.WithDetail(detail);

    public static Problem CallerRateLimited(string detail, TimeSpan retryAfter) =>
        ProblemType.CallerRateLimited.WithDetail(detail) with { RetryAfter = retryAfter };

    public static Problem Overloaded(string detail, TimeSpan retryAfter) =>
        ProblemType.Overloaded.WithDetail(detail) with { RetryAfter = retryAfter };

    /// <summary>No detail: what went wrong inside is nobody's business but the log's, where the trace id finds it.</summary>
    public static Problem Internal() => ProblemType.Internal.WithDetail(null);

    public static Problem FromGenesys(GenesysFailure failure)
    {
        return failure.Kind switch
        {
            GenesysFailureKind.Unauthorized => Refused(
                "Genesys:ClientId", "The credentials of this service are at fault: check Genesys:ClientId, Genesys:ClientSecret and Genesys:Region."),
            GenesysFailureKind.Forbidden => Refused(
                ":view", "The OAuth client of this service is at fault: it needs a role with analytics:conversationAggregate:view and routing:queue:view."),
            GenesysFailureKind.RateLimited => From(ProblemType.GenesysRateLimited) with { RetryAfter = failure.RetryAfter ?? UntilBudgetRefills },
            GenesysFailureKind.Unavailable => From(ProblemType.GenesysUnavailable) with { RetryAfter = failure.RetryAfter ?? UntilNextTry },
            GenesysFailureKind.Timeout => From(ProblemType.GenesysTimeout),
            GenesysFailureKind.TooLarge when failure.CallsUsedUp => ProblemType.TooLarge.WithDetail(
                StatusCodes.Status422UnprocessableEntity,
                $"{failure.Message}{Said(failure)} Ask for a shorter interval, a coarser granularity or fewer metrics.") with
            {
                Upstream = Upstream(failure),
            },
            GenesysFailureKind.TooLarge => From(ProblemType.GenesysRefused) with { Detail = $"{failure.Message}{Said(failure)}" },
            _ => From(ProblemType.GenesysRefused),
        };

        // Whoever met the failure may have known the very permission or setting already.
        Problem Refused(string named, string remedy) => failure.Message.Contains(named, StringComparison.Ordinal)
            ? From(ProblemType.GenesysRefused)
            : From(ProblemType.GenesysRefused) with { Detail = $"{failure.Message} {remedy}" };

        Problem From(ProblemType type) => type.WithDetail(failure.Message) with { Upstream = Upstream(failure), RetryAfter = failure.RetryAfter };
    }

    /// <summary>For answers that ASP.NET gives before any of our code is asked; null for a status that is none of its refusals.</summary>
    /// <summary>A method that is none of HTTP's own, such as one in lower case.</summary>
    public static Problem? FromMethod(string method) =>
        Methods.Contains(method) ? null
        : ProblemType.MethodNotAllowed.WithDetail(
            StatusCodes.Status501NotImplemented,
            $"'{InputExcerpt.Of(method)}' is not a method that this service knows. "
            + (Methods.Contains(method.ToUpperInvariant()) ? $"Methods are written in capital letters: {method.ToUpperInvariant()}." : "Figures are read with GET."));

    public static Problem? FromStatus(int status, string? detail = null) => status switch
    {
        StatusCodes.Status404NotFound => ProblemType.NotFound.WithDetail(detail ?? "See /swagger for the addresses that exist."),
        StatusCodes.Status405MethodNotAllowed => ProblemType.MethodNotAllowed.WithDetail(detail ?? "The Allow header names the methods that are taken."),
        StatusCodes.Status406NotAcceptable => ProblemType.NotAcceptable.WithDetail(detail),
        StatusCodes.Status413PayloadTooLarge => ProblemType.TooLarge.WithDetail(status, detail ?? "The body is too large."),
        StatusCodes.Status414UriTooLong => ProblemType.TooLarge.WithDetail(status, detail ?? "The address is too long."),
        StatusCodes.Status415UnsupportedMediaType => ProblemType.UnsupportedMediaType.WithDetail(detail ?? "Send application/json."),
        >= 400 and < 500 => ProblemType.InvalidRequest.WithDetail(detail ?? "The request could not be read."),
        _ => null,
    };

    // A size limit is told in the words of Genesys: only they have its figure.
    private static string Said(GenesysFailure failure) => failure.UpstreamMessage is { } message ? $" Genesys says: '{message}'" : "";

    private static UpstreamProblem? Upstream(GenesysFailure failure) =>
        failure is { Status: null, Code: null, UpstreamMessage: null, CorrelationId: null }
            ? null
            : new UpstreamProblem(failure.Status, failure.Code, failure.UpstreamMessage, failure.CorrelationId);
}
