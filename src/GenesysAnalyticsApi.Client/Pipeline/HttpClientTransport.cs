namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>
/// The innermost handler of the pipeline: sends each request with an HTTP client of the application or of its <c>IHttpClientFactory</c>. It sends a copy,
/// because a message can be sent only once, and because a handler of the application may add headers to it at each attempt.
/// </summary>
/// <param name="client">Returns the client for the next request.</param>
/// <param name="owned">The client to dispose together with this handler; null if the application owns the client.</param>
internal sealed class HttpClientTransport(Func<HttpClient> client, HttpClient? owned) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var http = client();
        // Not disposed: its content is that of the original request, which may be sent again.
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
