using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>Reads nothing.</summary>
internal sealed class NoConversations : IDetailsReader
{
    public IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsNotes notes, CancellationToken cancellationToken) => AsyncEnumerable.Empty<ConversationDetail>();
}
