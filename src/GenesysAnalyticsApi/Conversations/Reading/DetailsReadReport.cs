using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>The age and completeness of the data, collected while conversations are read.</summary>
internal sealed class DetailsReadReport
{
    /// <summary>The maximum number of messages about invalid entries. Further messages are neither stored nor counted.</summary>
    private const int MaxMessages = 1_000;

    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly List<(DetailsPiece, GenesysFailure)> _failed = [];
    private readonly HashSet<string> _invalid = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>When the oldest page was requested from Genesys; null if no page has been read.</summary>
    public Instant? AsOf { get; private set; }

    /// <summary>
    /// The time up to which the data comes from asynchronous queries. Later data is newer than Genesys' bulk data, so it can still change. Null if no
    /// asynchronous query was used.
    /// </summary>
    public Instant? DataAvailableUntil { get; set; }

    /// <summary>The number of Genesys requests so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Where reading stopped because of <see cref="DetailsSelection.MaxCalls"/>; null if reading did not stop early.</summary>
    public Instant? StoppedAt { get; set; }

    /// <summary>The total number of conversations according to Genesys; null if the count was not requested.</summary>
    public long? Expected { get; set; }

    /// <summary>The number of conversations that have been read so far.</summary>
    public long Read { get; set; }

    /// <summary>The pieces that could not be read, and why.</summary>
    public IReadOnlyList<(DetailsPiece Piece, GenesysFailure Failure)> FailedPieces => _failed;

    /// <summary>
    /// How many fewer conversations were read than Genesys counts, plus the number of conversations that can lack their end. Conversations of failed pieces are
    /// not included.
    /// </summary>
    public long MissingConversations { get; private set; }

    /// <summary>False if a piece could not be read, if conversations are missing, or if conversations can lack their end.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>
    /// The number of invalid entries, each counted once, up to <see cref="MaxMessages"/>: conversations, sessions, segments and metrics that were dropped, and
    /// conversations that lack participants or queues.
    /// </summary>
    public int InvalidEntries => _invalid.Count;

    /// <summary>The warnings for a caller that sees all queues.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>
    /// The warnings for a caller. If the caller is limited to some queues, the warnings do not reveal how many conversations the other queues have.
    /// </summary>
    public IReadOnlyCollection<string> WarningsFor(bool seesAll) =>
        seesAll || _warnings.IsEmpty ? Warnings : ["The number of conversations that were read differs from Genesys' count, or some conversations can lack their end."];

    /// <summary>A few of the messages about invalid entries, for the log.</summary>
    public IReadOnlyList<string> InvalidExamples => [.. _invalid.Take(5)];

    public void Add(DetailsPage page)
    {
        lock (_gate)
        {
            AsOf = AsOf is { } known && known < page.FetchedAt ? known : page.FetchedAt;
            Calls += page.Calls;

            // A page that is read twice repeats its messages. The set keeps each message once.
            foreach (var message in page.InvalidEntries)
            {
                AddInvalid(message);
            }
        }
    }

    /// <summary>Counts Genesys requests that do not return a page of conversations.</summary>
    public void CountCalls(int calls)
    {
        lock (_gate)
        {
            Calls += calls;
        }
    }

    /// <summary>
    /// Counts a conversation as invalid if it has no participants, or if one of its acd sessions names no queue, because its records then lack data.
    /// </summary>
    public void CheckParticipants(ConversationDetail conversation)
    {
        var fault = conversation.Participants.IsEmpty ? "no participants"
            : conversation.Participants.Any(participant => participant.Purpose == "acd" && participant.Sessions.Any(session => session.Segments.All(segment => segment.QueueId is null)))
                ? "an acd session without a queue"
                : null;
        if (fault is not null)
        {
            lock (_gate)
            {
                AddInvalid($"conversation {conversation.Id} has {fault}");
            }
        }
    }

    /// <summary>Reports that Genesys' count differs from the number of conversations that were read.</summary>
    public void CountDiffers(DetailsPiece piece, long counted, long read)
    {
        MissingConversations += Math.Max(0, counted - read);
        IsComplete &= read > counted;
        _warnings.Enqueue($"Genesys counts {counted} conversations that began from {piece.From} to {piece.To}, but {read} were read.");
    }

    /// <summary>Reports that a piece could not be read. Reading continues with the other pieces.</summary>
    public void PieceFailed(DetailsPiece piece, GenesysFailure failure)
    {
        IsComplete = false;
        _failed.Add((piece, failure));
    }

    /// <summary>Reports that conversations of the bulk data could not be read again, so they can lack their end.</summary>
    public void EndsAreMissing(int conversations)
    {
        IsComplete = false;
        MissingConversations += conversations;
        _warnings.Enqueue($"{conversations} conversations were still in progress when Genesys' bulk data ended, and could not be read again, so their records can lack the end of the conversation.");
    }

    private void AddInvalid(string message)
    {
        if (_invalid.Count < MaxMessages)
        {
            _invalid.Add(message);
        }
    }
}
