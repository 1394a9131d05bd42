using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>
/// Sends <c>If-None-Match</c> with a request if it remembers the response to that request, and turns a 304 into the remembered response. Callers with
/// different credentials never share a remembered response.
/// </summary>
internal sealed class ConditionalRequestHandler(RememberedResponses responses) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // An application that sends its own condition expects the 304.
        if (request.Method != HttpMethod.Get || request.Headers.IfNoneMatch.Count > 0 || HasGrowingWaits(request.RequestUri!))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var key = new ResponseKey(request.RequestUri!.AbsoluteUri, request.Headers.Accept.ToString(), CredentialsOf(request));
        var known = responses.Find(key);
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known.ETag);
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && known is not null)
        {
            using (response)
            {
                if (CredentialsOf(response.RequestMessage ?? request) == known.Sent)
                {
                    return known.ConfirmedBy(response);
                }
            }

            // A handler of the application has added credentials that differ from those of the remembered response, so it might belong to another caller.
            responses.Forget(key);
            request.Headers.IfNoneMatch.Clear();
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return MayBeRemembered(response) ? await RememberAsync(key, request, response, cancellationToken).ConfigureAwait(false) : response;
    }

    /// <summary>Whether the response contains waits that grow without a change of its ETag, so the waits in a remembered body would be too short.</summary>
    private static bool HasGrowingWaits(Uri address) => address.AbsolutePath.EndsWith("/observations", StringComparison.Ordinal);

    // Only JSON is remembered, because the caller reads JSON as a whole in any case. Files and streams pass through as they arrive.
    private bool MayBeRemembered(HttpResponseMessage response) =>
        response is { StatusCode: HttpStatusCode.OK, Headers: { ETag: not null, CacheControl: null or { NoStore: false } } }
        && string.Equals(response.Content.Headers.ContentType?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (response.Content.Headers.ContentLength ?? 0) <= responses.MaxBytes;

    private async Task<HttpResponseMessage> RememberAsync(ResponseKey key, HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var remembered = new RememberedResponse(
            response.Headers.ETag!.ToString(), CredentialsOf(response.RequestMessage ?? request), body, [.. response.Content.Headers]);
        responses.Remember(key, remembered);
        response.Content.Dispose();
        response.Content = remembered.Content();
        return response;
    }

    private static string CredentialsOf(HttpRequestMessage request)
    {
        var key = request.Headers.TryGetValues(CredentialsHandler.ApiKeyHeader, out var keys) ? string.Join('\n', keys) : "";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{request.Headers.Authorization}")));
    }
}
