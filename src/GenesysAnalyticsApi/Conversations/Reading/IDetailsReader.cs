using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Reads the conversations of an interval from Genesys, whatever their number.</summary>
internal interface IDetailsReader
{
    /// <summary>
    /// Returns the conversations sorted by start and then by id, in the order of the selection. The conversations of an asynchronous query are in the order in
    /// which Genesys returns them. Reads pages while the caller consumes the result, and holds one piece in memory. Skips duplicates; a duplicate in the
    /// results of an asynchronous query is recognized only if fewer than 100,000 other conversations lie between the two.
    /// </summary>
    /// <param name="report">Collects the age of the data and what is missing. It is complete only when all conversations have been read.</param>
    /// <exception cref="Genesys.Failures.GenesysException">A page, a count or the bulk data could not be read.</exception>
    IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsReadReport report, CancellationToken cancellationToken);
}
