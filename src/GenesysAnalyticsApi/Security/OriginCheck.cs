using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Rejects requests from unknown web pages, to prevent DNS rebinding: a page can point its own host name at the address of the service, so that the browser
/// sends requests of the page to the service without CORS. The Origin header still contains the name of the page.
/// </summary>
internal static class OriginCheck
{
    public static void RejectUnknownOrigins(this IEndpointConventionBuilder endpoint) => endpoint.Finally(builder =>
    {
        var next = builder.RequestDelegate!;
        builder.RequestDelegate = http =>
        {
            Check(http);
            return next(http);
        };
    });

    /// <exception cref="ProblemException">403: the request has an Origin that is not accepted.</exception>
    private static void Check(HttpContext http)
    {
        var listed = http.RequestServices.GetRequiredService<IOptions<CorsPolicyOptions>>().Value.Origins;
        if (http.Request.Headers.Origin is { Count: > 0 } origins && !listed.Contains(CorsSetup.AnyOrigin)
            && origins.FirstOrDefault(origin => !listed.Contains(origin!) && !IsOwn(origin, http.Request.Host)) is { } unknown)
        {
            throw new ProblemException(ProblemFactory.UnknownOrigin(unknown));
        }
    }

    /// <summary>
    /// Whether the origin has the host and port of the request. A page that rebinds its name could claim that, but AllowedHosts rejects its name or, if
    /// AllowedHosts accepts any name, the caller needs credentials, which the page does not have. The scheme is not compared, because a proxy can terminate TLS.
    /// If both are loopback addresses, the ports may differ: a page cannot rebind the name of such an address, and tools for developers run on another port.
    /// </summary>
    private static bool IsOwn(string? text, HostString host) =>
        Uri.TryCreate(text, UriKind.Absolute, out var origin) && (origin.Scheme == Uri.UriSchemeHttp || origin.Scheme == Uri.UriSchemeHttps)
        && Uri.TryCreate($"{origin.Scheme}://{host}", UriKind.Absolute, out var own)
        && origin is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
        && ((IsLoopback(origin) && IsLoopback(own)) || origin.Authority == own.Authority);

    // Uri converts the name "loopback", which any DNS server can resolve, to "localhost".
    private static bool IsLoopback(Uri address) => address.IsLoopback && !address.OriginalString.Contains("://loopback", StringComparison.OrdinalIgnoreCase);
}
