using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads conversations piece by piece. A piece has few enough conversations for one sequence of pages; a larger piece is split in time. The part of a large
/// interval that Genesys' bulk data covers is read by asynchronous queries (<see cref="BulkDetails"/>), and the rest by the synchronous query.
/// </summary>
internal sealed partial class DetailsReader(
    IConversationDetails genesys, DetailsIntervalLimit limit, IOptions<ConversationsOptions> options, ILogger<DetailsReader> logger) : IDetailsReader
{
    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsReadReport notes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var conversation in ReadAllAsync(selection, notes, cancellationToken))
            {
                notes.Read++;
                notes.CheckParticipants(conversation);
                if (!selection.IsByActivity || IsActive(conversation, selection))
                {
                    yield return conversation;
                }
            }
        }
        finally
        {
            // This also applies to a caller that reads only one page.
            if (notes.InvalidEntries > 0)
            {
                Log.InvalidEntries(logger, notes.InvalidEntries, notes.InvalidExamples);
            }
        }
    }

    private async IAsyncEnumerable<ConversationDetail> ReadAllAsync(DetailsSelection selection, DetailsReadReport notes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var whole = PieceOf(selection);
        var pages = new DetailsPages(genesys, limit, options.Value, selection, notes);
        var bulk = new BulkDetails(genesys, limit, selection, notes);
        notes.Expected = selection.MaxPerPiece is null ? await pages.CountAsync(whole, cancellationToken) : null;
        var isLarge = notes.Expected >= options.Value.AsyncFromConversations;
        if (isLarge)
        {
            await bulk.FindEndAsync(whole, cancellationToken);
        }

        if (bulk.Until is not { } until)
        {
            await foreach (var conversation in pages.ReadAsync(whole, isLarge, cancellationToken))
            {
                yield return conversation;
            }

            yield break;
        }

        // In ascending order, data that the results lack is read with the rest; in descending order, the rest has already been sent.
        if (selection.IsDescending)
        {
            await foreach (var conversation in pages.ReadAsync(whole with { From = until }, isLarge, cancellationToken))
            {
                yield return conversation;
            }
        }

        await foreach (var conversation in bulk.ReadAsync(whole with { To = until }, cancellationToken))
        {
            yield return conversation;
        }

        await foreach (var conversation in pages.ReadAsync(new DetailsPiece(bulk.Until.Value, selection.IsDescending ? until : whole.To), isLarge, cancellationToken))
        {
            yield return conversation;
        }
    }

    private DetailsPiece PieceOf(DetailsSelection selection)
    {
        var whole = new DetailsPiece(selection.IsByActivity ? selection.From - Duration.FromTimeSpan(options.Value.Lookback) : selection.From, selection.To);
        return selection switch
        {
            { ResumesAt: { } start, IsDescending: true } => whole with { To = Instant.Min(whole.To, start + Duration.FromMilliseconds(1)) },
            { ResumesAt: { } start } => whole with { From = Instant.Max(whole.From, start) },
            _ => whole,
        };
    }

    private static bool IsActive(ConversationDetail conversation, DetailsSelection selection) =>
        conversation.Start < selection.To && (conversation.End is null || conversation.End >= selection.From);

    private static partial class Log
    {
        [LoggerMessage(8001, LogLevel.Warning, "{Count} entries of conversation details are invalid and were dropped, such as: {Examples}")]
        public static partial void InvalidEntries(ILogger logger, int count, IReadOnlyList<string> examples);
    }
}

/// <summary>The longest intervals that Genesys accepts. They are learnt from the first rejection, because its message names them; public sources name 7 and 31 days.</summary>
internal sealed class DetailsIntervalLimit
{
    private volatile int _days;
    private volatile int _asynchronousDays;

    /// <summary>The longest interval of a synchronous query; null until Genesys has rejected an interval.</summary>
    public int? Days => _days == 0 ? null : _days;

    /// <summary>The longest interval of an asynchronous query; null until Genesys has rejected an interval.</summary>
    public int? AsynchronousDays => _asynchronousDays == 0 ? null : _asynchronousDays;

    public void Learn(int days) => _days = Math.Max(1, days);

    public void LearnAsynchronous(int days) => _asynchronousDays = Math.Max(1, days);
}
