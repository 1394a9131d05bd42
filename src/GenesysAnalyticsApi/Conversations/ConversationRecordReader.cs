using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Reads the records of a query from Genesys: all records, or as many as the limit of the query allows.</summary>
internal sealed class ConversationRecordReader(IDetailsReader reader, ConversationMetaBuilder metas, IOptions<ConversationsOptions> options)
{
    /// <param name="report">Collects what is missing while the records are read.</param>
    public ConversationStream Read(ConversationsSelection selected, DetailsReadReport report, CancellationToken cancellationToken)
    {
        var matches = new FilterMatches(selected.Query);
        return new(RecordsAsync(selected, report, matches, cancellationToken), () => metas.Of(report, selected.Visible, selected.Query.To, matches));
    }

    private async IAsyncEnumerable<ConversationRecord> RecordsAsync(
        ConversationsSelection selected, DetailsReadReport report, FilterMatches matches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (selected.IsEmpty)
        {
            yield break;
        }

        var remaining = selected.Query.Limit ?? int.MaxValue;
        var maxPerPiece = selected.Query.Limit is { } limit && limit < options.Value.MaxConversationsPerPiece ? limit * 2 : (int?)null;
        await foreach (var conversation in reader.ReadAsync(selected.Details(selected.Query.From, selected.Query.To, maxPerPiece), report, cancellationToken))
        {
            foreach (var record in selected.RecordsOf(conversation))
            {
                matches.Add(record);
                yield return record;
                if (--remaining == 0)
                {
                    yield break;
                }
            }
        }

        matches.HasAll = true;
    }
}
