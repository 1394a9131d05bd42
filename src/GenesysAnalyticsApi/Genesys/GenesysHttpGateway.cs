using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Pipeline;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Genesys over plain HTTP: a question becomes a request, and its answer is read as it comes in. Calls counts the attempts at the API,
/// not logins: those have a limit of their own.
/// </summary>
internal sealed class GenesysHttpGateway(GenesysApiClient sending) : IGenesysGateway
{
    public bool IsBreakerClosed => sending.IsBreakerClosed;

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest question, CancellationToken cancellationToken)
    {
        var facts = AggregateFacts.Empty(question.Edges);
        var call = sending.Call(
            question.Asker,
            GenesysWire.AggregatesPermission,
            async (body, token) => facts = await AggregatesReplyReader.ReadAsync(body, question.Edges, token));

        await sending.SendAsync(call, () => sending.Request(HttpMethod.Post, GenesysWire.AggregatesPath, GenesysWire.BodyOf(question)), cancellationToken);
        return new AggregatesReply(facts, Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    public async Task<QueuePage> ListQueuesAsync(int pageNumber, RequestOrigin asker, CancellationToken cancellationToken)
    {
        QueuePage? page = null;
        var call = sending.Call(
            asker,
            GenesysWire.QueuesPermission,
            async (body, token) => page = await QueuesReplyReader.ReadAsync(body, pageNumber, token));

        await sending.SendAsync(call, () => sending.Request(HttpMethod.Get, GenesysWire.QueuesPath(pageNumber)), cancellationToken);
        return page! with { Calls = call.Attempts };
    }
}
