using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Puts the token on: nothing goes out without one. A token that Genesys refuses is dropped here; the replay with a new one is
/// the pipeline's, so that it takes a permit of its own.
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
        catch (GenesysException refused) when (refused.Failure is { Kind: GenesysFailureKind.Unauthorized, Status: 401 })
        {
            if (tokens.Replace(token) is { } wait)
            {
                // The same token again would be refused again.
                throw new GenesysException(refused.Failure with { RetryAfter = wait }, inner: refused.InnerException);
            }

            throw;
        }
    }
}
