using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Adds the access token to each request. A token that Genesys rejects is discarded here; the pipeline replays the request with a new
/// token, so that the replay acquires its own lease.
/// </summary>
internal sealed class AuthenticationHandler(AccessTokenProvider tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (GenesysException rejected) when (rejected.Failure is { Kind: GenesysFailureKind.Unauthorized, Status: 401 })
        {
            if (tokens.Discard(token) is { } wait)
            {
                // A replay with the same token would be rejected again.
                throw new GenesysException(rejected.Failure with { RetryAfter = wait }, inner: rejected.InnerException);
            }

            throw;
        }
    }
}
