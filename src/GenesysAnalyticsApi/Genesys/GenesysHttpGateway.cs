using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using NodaTime;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Genesys over plain HTTP. The pipeline is in the handlers of the client (see <see cref="GenesysResilience"/>); here a question becomes
/// a request, and whatever went wrong leaves as a <see cref="GenesysException"/>. Calls counts the attempts at the API, not logins:
/// those have a limit of their own.
/// </summary>
internal sealed class GenesysHttpGateway(
    IHttpClientFactory clients, GenesysBudget budget, GenesysResilience resilience, GenesysHealth health, IOptions<GenesysOptions> options, TimeProvider clock)
    : IGenesysGateway
{
    public const string ClientName = "genesys";

    public bool IsBreakerClosed => resilience.IsBreakerClosed;

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesQuestion question, CancellationToken cancellationToken)
    {
        var facts = AggregateFacts.Empty(question.Edges);
        var call = Call(
            question.Asker,
            GenesysWire.AggregatesPermission,
            async (body, token) => facts = await AggregateFactsReader.ReadAsync(body, question.Edges, token));

        await SendAsync(call, () => Post(GenesysWire.AggregatesPath, GenesysWire.BodyOf(question)), cancellationToken);
        return new AggregatesReply(facts, Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    public async Task<QueuePage> ListQueuesAsync(int pageNumber, GenesysAsker asker, CancellationToken cancellationToken)
    {
        QueuePage? page = null;
        var call = Call(
            asker,
            GenesysWire.QueuesPermission,
            async (body, token) => page = await QueueListingReader.ReadAsync(body, pageNumber, token));

        await SendAsync(call, () => new HttpRequestMessage(HttpMethod.Get, Url(GenesysWire.QueuesPath(pageNumber))), cancellationToken);
        return page!;
    }

    private GenesysCall Call(GenesysAsker asker, string permission, Func<Stream, CancellationToken, ValueTask> read) =>
        new(asker, permission, read, options.Value.TotalTimeout, clock);

    private async Task SendAsync(GenesysCall call, Func<HttpRequestMessage> ask, CancellationToken cancellationToken)
    {
        try
        {
            using var request = ask();
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            call.FastenTo(request);

            // Without buffering: the answer was read when this returns.
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            health.Succeeded();
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever broke when the caller left, it is no failure of Genesys.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failed)
        {
            var failure = FailureOf(failed, call);
            health.Failed(failure.Kind);
            throw new GenesysException(failure, call.Attempts, failed is GenesysException known ? known.InnerException : failed);
        }
    }

    private GenesysFailure FailureOf(Exception failed, GenesysCall call) => (failed switch
    {
        GenesysException known => known,
        TimeoutRejectedException when call.AwaitsPermit => GenesysFailures.BudgetUsedUp(TimeSpan.FromSeconds(budget.State.ResetSeconds)),
        TimeoutRejectedException => GenesysFailures.DeadlinePassed(options.Value.TotalTimeout),
        BrokenCircuitException broken => GenesysFailures.BreakerOpen(broken.RetryAfter),
        _ => GenesysFailures.NotReached(failed),
    }).Failure;

    private HttpRequestMessage Post(string path, byte[] body) => new(HttpMethod.Post, Url(path))
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    private Uri Url(string path) => new(GenesysRegions.ApiBaseUrlOf(options.Value).AbsoluteUri.TrimEnd('/') + path);
}
