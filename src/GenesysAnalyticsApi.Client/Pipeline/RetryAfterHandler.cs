using System.Net;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>
/// Retries a request after a 429 or 503, at the time that <c>Retry-After</c> states, or with growing waits if the header is missing. It retries only
/// requests that can be sent twice, and only within the limits of the options. Otherwise, it returns the response unchanged.
/// </summary>
internal sealed class RetryAfterHandler(AnalyticsClientOptions options) : DelegatingHandler
{
    // Used if Retry-After is missing, as in the response of a proxy in front of a restarting service. Each further wait is twice as long.
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <returns>The wait that the header requests: null if the header is missing or invalid, and zero for a time in the past.</returns>
    public static TimeSpan? WaitOf(HttpResponseMessage response, TimeProvider clock) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => Max(date - clock.GetUtcNow(), TimeSpan.Zero),
        _ => null,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        for (var retries = 0; ; retries++)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (retries == options.MaxRetries || !IsTemporary(response) || !MayBeRepeated(request))
            {
                return response;
            }

            var wait = WaitOf(response, options.TimeProvider) ?? FirstWait * (1 << Math.Min(retries, 16));
            if (wait > options.MaxRetryTime - waited)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            waited += wait;
        }
    }

    private static bool IsTemporary(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    /// <summary>Whether the request can be sent twice: a GET, HEAD or DELETE, or the POST of a query, which only reads and has its body in memory.</summary>
    private static bool MayBeRepeated(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Delete
        || (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/aggregates/query", StringComparison.Ordinal));

    private static TimeSpan Max(TimeSpan first, TimeSpan second) => first > second ? first : second;
}
