using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Reads all conversations of an interval from Genesys, whatever their number.</summary>
internal interface IDetailsReader
{
    /// <summary>
    /// Returns the conversations by their start and then their id; those of an asynchronous query in the order in which Genesys returns them. Pages are read while
    /// the caller consumes, and one piece of them is held in memory. A repeat is left out, unless 100,000 conversations of an asynchronous query lie between.
    /// </summary>
    /// <param name="notes">Filled while conversations are read; complete at the end. It says what is missing.</param>
    /// <exception cref="Genesys.Failures.GenesysException">A page could not be read.</exception>
    IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsNotes notes, CancellationToken cancellationToken);
}
