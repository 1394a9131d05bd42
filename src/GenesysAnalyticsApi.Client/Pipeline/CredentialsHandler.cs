using System.Net.Http.Headers;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>
/// Adds the caller's credentials, to requests below the base address only. It is the outermost handler, because
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

            if (options.AccessToken is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await token(cancellationToken).ConfigureAwait(false));
            }
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
