using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>
/// Reads an interval in pieces, each with few enough conversations for one sequence of pages. A piece that turns out to be too large is split into shorter
/// pieces. If all of very many conversations are read, asynchronous queries read the part of the interval that Genesys' bulk data covers
/// (<see cref="BulkDetails"/>), and the synchronous query reads only the later part.
/// </summary>
internal sealed partial class DetailsReader(
    IConversationDetails genesys, DetailsIntervalLimit limit, IOptions<ConversationsOptions> options, ILogger<DetailsReader> logger) : IDetailsReader
{
    public async IAsyncEnumerable<ConversationDetail> ReadAsync(DetailsSelection selection, DetailsReadReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var conversation in ReadAllAsync(selection, report, cancellationToken))
            {
                report.Read++;
                report.CheckParticipants(conversation);
                if (!selection.IsByActivity || IsActive(conversation, selection))
                {
                    yield return conversation;
                }
            }
        }
        finally
        {
            // The entries are logged in the finally block, so that they are logged even if the caller stops reading early.
            if (report.InvalidEntries > 0)
            {
                Log.InvalidEntries(logger, report.InvalidEntries, report.InvalidExamples);
            }
        }
    }

    private async IAsyncEnumerable<ConversationDetail> ReadAllAsync(DetailsSelection selection, DetailsReadReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var whole = PieceOf(selection);
        var pages = new DetailsPages(genesys, limit, options.Value, selection, report);
        var bulk = new BulkDetails(genesys, limit, selection, report);
        report.Expected = selection.MaxPerPiece is null ? await pages.CountAsync(whole, cancellationToken) : null;
        var isLarge = report.Expected >= options.Value.AsyncFromConversations;
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

        // While the bulk data is read, its end (`bulk.Until`) can move to an earlier time. In ascending order, the synchronous query then starts at that time.
        // In descending order, the conversations from `until` to the end of the interval have already been returned, so the last query reads only the gap
        // between `bulk.Until` and `until`.
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
            // To is exclusive, so it must be later than the start of the conversation at which reading resumes.
            { ResumesAt: { } start, IsDescending: true } => whole with { To = Instant.Min(whole.To, start + Duration.FromMilliseconds(1)) },
            { ResumesAt: { } start } => whole with { From = Instant.Max(whole.From, start) },
            _ => whole,
        };
    }

    private static bool IsActive(ConversationDetail conversation, DetailsSelection selection) =>
        conversation.Start < selection.To && (conversation.End is null || conversation.End >= selection.From);

    private static partial class Log
    {
        [LoggerMessage(8001, LogLevel.Warning, "Dropped {Count} invalid entries from conversation details, for example: {Examples}")]
        public static partial void InvalidEntries(ILogger logger, int count, IReadOnlyList<string> examples);
    }
}

/// <summary>
/// The longest intervals that Genesys accepts for synchronous and for asynchronous queries. Published limits differ (7 or 31 days), so the service learns each
/// limit from the message with which Genesys first rejects an interval.
/// </summary>
internal sealed class DetailsIntervalLimit
{
    private volatile int _days;
    private volatile int _asynchronousDays;

    /// <summary>The longest interval of a synchronous query, in days; null until Genesys has rejected a longer interval.</summary>
    public int? Days => _days == 0 ? null : _days;

    /// <summary>The longest interval of an asynchronous query, in days; null until Genesys has rejected a longer interval.</summary>
    public int? AsynchronousDays => _asynchronousDays == 0 ? null : _asynchronousDays;

    public void Learn(int days) => _days = Math.Max(1, days);

    public void LearnAsynchronous(int days) => _asynchronousDays = Math.Max(1, days);
}
