using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>The conversations of a piece, each once. If a conversation was fetched in several versions, the version that was fetched last is kept.</summary>
internal sealed class MergedConversations(DetailsPiece piece)
{
    private readonly Dictionary<string, (ConversationDetail Conversation, Instant FetchedAt)> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    public int Count => _found.Count;

    /// <summary>The conversations, sorted by start, then id.</summary>
    public IEnumerable<ConversationDetail> InOrder =>
        _found.Values.Select(entry => entry.Conversation).OrderBy(conversation => conversation.Start).ThenBy(conversation => conversation.Id, StringComparer.Ordinal);

    public void Add(DetailsPage page)
    {
        lock (_gate)
        {
            foreach (var conversation in page.Conversations.Where(candidate => piece.Contains(candidate.Start)))
            {
                if (!_found.TryGetValue(conversation.Id, out var known) || known.FetchedAt <= page.FetchedAt)
                {
                    _found[conversation.Id] = (conversation, page.FetchedAt);
                }
            }
        }
    }
}
