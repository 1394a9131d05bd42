using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Reads all conversations of an interval from Genesys, whatever their number.</summary>
internal interface IDetailsReader
{
    /// <summary>
    /// Returns the conversations sorted by start and then id; those of an asynchronous query in the order in which Genesys returns them. Reads pages while the
    /// caller consumes the result, and holds one piece in memory. Skips duplicates; among the conversations of an asynchronous query, only those with fewer
    /// than 100,000 others in between.
    /// </summary>
    /// <param name="report">Collects what is missing while conversations are read. Complete at the end.</param>
    /// <exception cref="Genesys.Failures.GenesysException">A page could not be read.</exception>
    IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsReadReport report, CancellationToken cancellationToken);
}
