namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>
/// The innermost handler of the pipeline. It sends each request with the client's own HTTP client, an HTTP client of the application, or one from the
/// <c>IHttpClientFactory</c> of the application. It sends a copy of the request, because a message can be sent only once, and because a handler of the
/// application can add headers to the message at each attempt.
/// </summary>
/// <param name="client">Returns the HTTP client for the next request.</param>
/// <param name="owned">The HTTP client to dispose of together with this handler; null if the application owns the HTTP client.</param>
internal sealed class HttpClientTransport(Func<HttpClient> client, HttpClient? owned) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var http = client();
        // The copy is not disposed of, because it has the content of the original request, which might be sent again.
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Content = request.Content,
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        return http.SendAsync(copy, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            owned?.Dispose();
        }

        base.Dispose(disposing);
    }
}
