using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>The conversations of a piece, each once. Of several versions, keeps the one that was fetched last.</summary>
internal sealed class MergedConversations(DetailsPiece piece)
{
    private readonly Dictionary<string, (ConversationDetail Conversation, Instant FetchedAt)> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _gate = new();

    public int Count => _found.Count;

    /// <summary>By start, then by id.</summary>
    public IEnumerable<ConversationDetail> InOrder =>
        _found.Values.Select(one => one.Conversation).OrderBy(one => one.Start).ThenBy(one => one.Id, StringComparer.Ordinal);

    public void Add(DetailsPage page)
    {
        lock (_gate)
        {
            foreach (var conversation in page.Conversations.Where(one => piece.Contains(one.Start)))
            {
                if (!_found.TryGetValue(conversation.Id, out var known) || known.FetchedAt <= page.FetchedAt)
                {
                    _found[conversation.Id] = (conversation, page.FetchedAt);
                }
            }
        }
    }
}
