namespace GenesysAnalyticsApi.Errors;

/// <summary>A kind of problem: stable, with a page of its own at <c>/problems/{Name}</c>.</summary>
/// <param name="Title">The same for every occurrence (RFC 9457).</param>
/// <param name="Statuses">The statuses it is sent with.</param>
internal sealed record ProblemType(string Name, string Title, params int[] Statuses)
{
    public static ProblemType InvalidRequest { get; } = new("invalid-request", "The request is wrong.", 400);

    public static ProblemType Unauthenticated { get; } = new("unauthenticated", "Who asks is not known here.", 401);

    public static ProblemType Forbidden { get; } = new("forbidden", "Who asks may not do this.", 403);

    public static ProblemType UnknownQueue { get; } = new("unknown-queue", "No such queue.", 404);

    public static ProblemType NotFound { get; } = new("not-found", "There is nothing at this address.", 404);

    public static ProblemType MethodNotAllowed { get; } = new("method-not-allowed", "This address does not take that method.", 405, 501);

    public static ProblemType NotAcceptable { get; } = new("not-acceptable", "None of the formats asked for is available.", 406);

    public static ProblemType AmbiguousQueue { get; } = new("ambiguous-queue", "Several queues have that name.", 409);

    public static ProblemType TooLarge { get; } = new("too-large", "The request is too large.", 413, 414, 422);

    public static ProblemType UnsupportedMediaType { get; } =
        new("unsupported-media-type", "The body is in a format that is not read here.", 415);

    public static ProblemType TooWide { get; } = new("too-wide", "The question is too wide for one request.", 422);

    public static ProblemType CallerRateLimited { get; } = new("caller-rate-limited", "The caller's own share is used up.", 429);

    public static ProblemType Internal { get; } = new("internal", "Something went wrong in this service.", 500);

    public static ProblemType GenesysRefused { get; } = new("genesys-refused", "Genesys Cloud did not give an answer that can be used.", 502);

    public static ProblemType GenesysRateLimited { get; } =
        new("genesys-rate-limited", "The requests that Genesys Cloud allows are used up.", 503);

    public static ProblemType GenesysUnavailable { get; } = new("genesys-unavailable", "Genesys Cloud cannot be reached.", 503);

    public static ProblemType Overloaded { get; } = new("overloaded", "This service has too much to do.", 503);

    public static ProblemType IdentityUnavailable { get; } = new("identity-unavailable", "Bearer tokens cannot be checked now.", 503);

    public static ProblemType GenesysTimeout { get; } = new("genesys-timeout", "Genesys Cloud did not answer in time.", 504);

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        InvalidRequest, Unauthenticated, Forbidden, UnknownQueue, NotFound, MethodNotAllowed, NotAcceptable, AmbiguousQueue, TooLarge, UnsupportedMediaType, TooWide,
        CallerRateLimited, Internal, GenesysRefused, GenesysRateLimited, GenesysUnavailable, Overloaded, IdentityUnavailable, GenesysTimeout,
    ];

    public Problem WithDetail(string? detail) => new(Name, Statuses[0], Title, detail);

    public Problem WithDetail(int status, string? detail) => new(Name, status, Title, detail);
}
