using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>An asynchronous query for figures. It returns the figures after the last page, because each page contains only a part of the figures.</summary>
internal sealed class AggregatesQueryDefinition(IAsyncQueryCalls calls, AggregatesRequest request, int? pageSize) : AsyncQueryDefinition<AggregateFacts?>
{
    private readonly AggregatesPages _pages = new(request);

    public override string Permission => GenesysPermissions.Aggregates;

    public override RequestOrigin Origin => request.Origin;

    public override Instant From => request.Edges[0];

    public override Instant To => request.Edges[^1];

    public override bool HasTimeLimitPerPage => false;

    public override Task SubmitAsync(GenesysCallContext call, CancellationToken cancellationToken) =>
        calls.SubmitAsync(call, GenesysWire.CreateQuery(request) with { PageSize = pageSize }, cancellationToken);

    public override Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        calls.GetStatusAsync(call, id, cancellationToken);

    public override Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken) =>
        calls.GetResultsAsync(call, id, cursor, cancellationToken);

    public override Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) => calls.DeleteAsync(call, id, cancellationToken);

    public override ValueTask<ResultsPage> ReadAsync(Stream body, CancellationToken cancellationToken) => _pages.ReadAsync(body, cancellationToken);

    public override AggregateFacts? Take(bool isLastPage) => isLastPage ? _pages.ToFacts() : null;
}
