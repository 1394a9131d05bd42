using System.Net.Http.Headers;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>
/// Adds the caller's credentials, but only to requests below the base address. This handler is the outermost one, because
/// <see cref="ConditionalRequestHandler"/> distinguishes callers by their credentials.
/// </summary>
internal sealed class CredentialsHandler(AnalyticsClientOptions options, Uri baseAddress) : DelegatingHandler
{
    public const string ApiKeyHeader = "X-Api-Key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (baseAddress.IsBaseOf(request.RequestUri!))
        {
            if (options.ApiKey is { } key)
            {
                request.Headers.Add(ApiKeyHeader, key);
            }

            if (options.AccessToken is { } getToken)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await getToken(cancellationToken).ConfigureAwait(false));
            }
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
