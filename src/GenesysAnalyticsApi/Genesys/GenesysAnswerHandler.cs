using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>The last step before the wire: sends, tells the budget what Genesys counted, and reads the answer or makes its failure.</summary>
internal sealed class GenesysAnswerHandler(
    GenesysBudget budget, GenesysClock genesysClock, GenesysMetrics metrics, IOptions<GenesysOptions> options, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysCall.Of(request);
        call.GoesOut();
        using var observed = new ObservedAttempt(metrics, clock, call.Endpoint, request, call.Attempts, options.Value.AttemptTimeout);
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
        GenesysCall call, HttpRequestMessage request, ObservedAttempt observed, CancellationToken cancellationToken)
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
                throw GenesysFailures.Answered(response, body, call.Permission, clock);
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
        GenesysCall call, HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = new LimitedBody(await response.Content.ReadAsStreamAsync(cancellationToken), call.Limit, GenesysFailures.TooLong);
            if (await GenesysErrorBody.OfPageAsync(body, response, sent, cancellationToken) is { } page)
            {
                throw GenesysFailures.Answered(response, page, call.Permission, clock);
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
