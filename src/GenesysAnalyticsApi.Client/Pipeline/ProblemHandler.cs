using System.Net;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>Turns every response that is neither a success nor a 304 into an exception, so all calls fail in the same way.</summary>
internal sealed class ProblemHandler(AnalyticsClientOptions options) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        // A 304 reaches this handler only if the application has sent its own condition.
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
        {
            return response;
        }

        using (response)
        {
            throw await AnalyticsProblemException.ReadAsync(response, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
