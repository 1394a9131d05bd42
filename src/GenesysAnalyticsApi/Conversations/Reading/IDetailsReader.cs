using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Reads all conversations of an interval from Genesys, whatever their number.</summary>
internal interface IDetailsReader
{
    /// <summary>
    /// Returns each conversation once, ordered by its start and then its id. Pages are read while the caller consumes, and only a few are held in memory.
    /// </summary>
    /// <param name="notes">Filled while conversations are read; complete at the end.</param>
    /// <exception cref="Genesys.Failures.GenesysException">A page could not be read. No conversation is left out without it.</exception>
    IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsNotes notes, CancellationToken cancellationToken);
}
