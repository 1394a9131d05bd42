using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>The innermost handler: sends the request, passes the rate limit headers to the rate limiter, and reads the reply or creates its failure.</summary>
internal sealed class ReplyHandler(
    GenesysRateLimiter rateLimiter, GenesysClock genesysClock, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysCallContext.Of(request);
        call.MarkSent();
        using var instrumentation = new AttemptInstrumentation(metrics, clock, call.Endpoint, request, call.Attempts, options.Value.AttemptTimeout);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            genesysClock.Observe(response.Headers.Date, call.SentAt, clock.GetUtcNow());
            instrumentation.RecordReply(response);
            rateLimiter.Observe(GenesysRateHeaders.Of(response), request.Headers.Authorization!.Parameter!);
            if (!response.IsSuccessStatusCode)
            {
                var body = await GenesysErrorBody.ReadAsync(response, request.Headers.Authorization, options.Value.ClientSecret, cancellationToken);
                throw GenesysExceptionFactory.FromReply(response, body, call.Permission, clock);
            }

            call.Status = response.StatusCode;
            await ReadAsync(call, response, request.Headers.Authorization, cancellationToken);
            return response;
        }
        catch (Exception exception)
        {
            instrumentation.RecordFailure(exception);
            response?.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(
        GenesysCallContext call, HttpResponseMessage response, AuthenticationHeaderValue? credentials, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = new BoundedReplyStream(await response.Content.ReadAsStreamAsync(cancellationToken), call.Limit, GenesysExceptionFactory.TooLong);
            if (await HtmlDetector.IsHtmlAsync(response.Content, body, cancellationToken))
            {
                var page = await GenesysErrorBody.ReadPageAsync(body, response, credentials, options.Value.ClientSecret, cancellationToken);
                throw GenesysExceptionFactory.FromReply(response, page, call.Permission, clock);
            }

            await call.ReadAsync(body, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException)
        {
            // The connection broke within the body, or the compressed data is invalid.
            throw GenesysExceptionFactory.Unreadable("it is incomplete", cause: exception);
        }
    }
}
