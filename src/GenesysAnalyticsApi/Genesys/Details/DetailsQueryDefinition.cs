using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>An asynchronous query for conversations. It returns each page on its own, and keeps no page that it has returned.</summary>
internal sealed class DetailsQueryDefinition(IDetailsCalls calls, DetailsRequest request, int pageSize) : AsyncQueryDefinition<DetailsReply>
{
    private DetailsReply? _page;

    public override string Permission => GenesysPermissions.ConversationDetails;

    public override RequestOrigin Origin => request.Origin;

    public override Instant From => request.From;

    public override Instant To => request.To;

    // The conversations of a large organization fill hundreds of pages per day, and the consumer processes each page before it reads the next page.
    public override bool HasTimeLimitPerPage => true;

    public override Task SubmitAsync(GenesysCallContext call, CancellationToken cancellationToken) =>
        calls.SubmitJobAsync(call, DetailsWire.CreateJob(request), cancellationToken);

    public override Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        calls.GetJobStatusAsync(call, id, cancellationToken);

    public override Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken) =>
        calls.GetJobResultsAsync(call, id, cursor, pageSize, cancellationToken);

    public override Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) => calls.DeleteJobAsync(call, id, cancellationToken);

    public override async ValueTask<ResultsPage> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        _page = await DetailsReplyReader.ReadAsync(body, new DetailsReplyParser(DetailsReplyKind.List, pageSize), cancellationToken);
        return new ResultsPage(_page.Cursor, _page.Items);
    }

    public override DetailsReply Take(bool isLastPage)
    {
        var page = _page!;
        _page = null;
        return page;
    }
}
