using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>The last step before the wire: sends, tells the budget what Genesys counted, and reads the answer or makes its failure.</summary>
internal sealed class ReplyHandler(
    GenesysRateLimiter budget, GenesysClock genesysClock, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysCallContext.Of(request);
        call.MarkSent();
        using var observed = new AttemptInstrumentation(metrics, clock, call.Endpoint, request, call.Attempts, options.Value.AttemptTimeout);
        try
        {
            return await AskAsync(call, request, observed, cancellationToken);
        }
        catch (Exception failed)
        {
            observed.Failed(failed);
            throw;
        }
    }

    private async Task<HttpResponseMessage> AskAsync(
        GenesysCallContext call, HttpRequestMessage request, AttemptInstrumentation observed, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        genesysClock.Observe(response.Headers.Date, call.SentAt, clock.GetUtcNow());
        try
        {
            observed.Answered(response);
            budget.Observe(GenesysRateHeaders.Of(response), request.Headers.Authorization!.Parameter!);
            if (!response.IsSuccessStatusCode)
            {
                var body = await GenesysErrorBody.ReadAsync(response, request.Headers.Authorization, cancellationToken);
                throw GenesysFailures.FromReply(response, body, call.Permission, clock);
            }

            await ReadAsync(call, response, request.Headers.Authorization, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(
        GenesysCallContext call, HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = new BoundedReplyStream(await response.Content.ReadAsStreamAsync(cancellationToken), call.Limit, GenesysFailures.TooLong);
            if (await GenesysErrorBody.OfPageAsync(body, response, sent, cancellationToken) is { } page)
            {
                throw GenesysFailures.FromReply(response, page, call.Permission, clock);
            }

            await call.ReadAsync(body, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException)
        {
            // The connection or the compression broke in mid-body: half an answer is none.
            throw GenesysFailures.Unreadable("it broke off", cause: broken);
        }
    }
}
