using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// Collects the figures of all pages, which together form one reply. A group can be split over several pages. If a cell is repeated with equal values, it is
/// counted once. If a cell is repeated with different values, the reply is unreadable.
/// </summary>
internal sealed class AggregatesPages(AggregatesRequest request)
{
    private readonly FactsBuilder _facts = new(request.Edges, request.Views, request.Dimensions);

    /// <summary>Reads a page. If the page is truncated or invalid, none of it is kept, so the page can be requested again.</summary>
    public async ValueTask<ResultsPage> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var mark = _facts.Mark();
        var parser = new AggregatesReplyParser(_facts, hasViews: !request.Views.IsEmpty, isPage: true);
        try
        {
            await AggregatesReplyReader.ReadAsync(body, parser, cancellationToken);
            return new(parser.Cursor, parser.Results);
        }
        catch
        {
            _facts.Discard(mark);
            throw;
        }
    }

    public AggregateFacts ToFacts()
    {
        var facts = _facts.ToFacts();

        // Views are verified after the last page, because a view and its target can be on different pages.
        return request.Views.IsEmpty ? facts : ViewVerifier.Verify(facts, request.Views);
    }
}
