using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// Reads conversation details with either client: <see cref="IDetailsCalls"/> sends the requests, and <see cref="DetailsReplyReader"/> reads the replies.
/// </summary>
internal sealed class ConversationDetailsGateway(
    IDetailsCalls calls, GenesysApiClient api, AsyncQueryRunner asyncQueries, IOptions<GenesysOptions> options, TimeProvider clock) : IConversationDetails
{
    public Task<DetailsPage> QueryDetailsAsync(DetailsRequest request, CancellationToken cancellationToken)
    {
        var query = DetailsWire.CreateQuery(request);
        return ReadAsync(
            request.Origin,
            (body, token) => DetailsReplyReader.ReadAsync(body, new DetailsReplyParser(DetailsReplyKind.Query, request.PageSize), token),
            call => calls.QueryAsync(call, query, cancellationToken));
    }

    public async Task<DetailsPage> GetDetailAsync(string conversationId, bool withPersonalData, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (!GenesysId.Is(conversationId))
        {
            return Unsent();
        }

        var id = GenesysId.Canonical(conversationId);
        return await ReadAsync(
            origin,
            (body, token) => DetailsReplyReader.ReadOneAsync(body, id, withPersonalData, token),
            call => calls.GetConversationAsync(call, id, cancellationToken),
            returnEmptyIfUnknown: true);
    }

    public async Task<DetailsPage> GetDetailsAsync(ImmutableArray<string> conversationIds, RequestOrigin origin, CancellationToken cancellationToken)
    {
        ImmutableArray<string> ids = [.. conversationIds.Where(GenesysId.Is).Select(GenesysId.Canonical).Distinct(StringComparer.Ordinal)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Length, DetailsRequest.MaxPageSize, nameof(conversationIds));
        if (ids.IsEmpty)
        {
            return Unsent();
        }

        return await ReadAsync(
            origin,
            (body, token) => DetailsReplyReader.ReadAsync(body, new DetailsReplyParser(DetailsReplyKind.List, DetailsRequest.MaxPageSize), token),
            call => calls.GetConversationsAsync(call, ids, cancellationToken),
            returnEmptyIfUnknown: true);
    }

    public async Task<DataAvailability> GetDataAvailabilityAsync(RequestOrigin origin, CancellationToken cancellationToken)
    {
        Instant until = default;
        var call = api.CreateCall(
            origin, GenesysPermissions.ConversationDetails, async (body, token) => until = await DetailsReplyReader.ReadAvailabilityAsync(body, token), ReplyLimit.Small);

        await calls.GetJobAvailabilityAsync(call, cancellationToken);
        return new DataAvailability(until, call.Attempts);
    }

    public async IAsyncEnumerable<DetailsPage> RunDetailsJobAsync(DetailsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var definition = new DetailsQueryDefinition(calls, request, options.Value.AsyncQueryPageSize ?? DetailsWire.JobPageSize);
        await foreach (var page in asyncQueries.RunAsync(definition, cancellationToken))
        {
            yield return page.Content.ToPage(page.SubmittedAt, page.Calls);
        }
    }

    private async Task<DetailsPage> ReadAsync(
        RequestOrigin origin,
        Func<Stream, CancellationToken, Task<DetailsReply>> readReply,
        Func<GenesysCallContext, Task> sendRequest,
        bool returnEmptyIfUnknown = false)
    {
        var reply = new DetailsReply([], Items: 0);
        var call = api.CreateCall(origin, GenesysPermissions.ConversationDetails, async (body, token) => reply = await readReply(body, token));
        try
        {
            await sendRequest(call);
        }
        catch (GenesysException exception) when (returnEmptyIfUnknown && exception.Failure is { Kind: GenesysFailureKind.Rejected, Status: 404 })
        {
            // Genesys has none of the requested conversations.
        }

        return reply.ToPage(Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    private DetailsPage Unsent() => new([]) { FetchedAt = Instant.FromDateTimeOffset(clock.GetUtcNow()), Calls = 0 };
}
