using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>What is known about the data once conversations were read. It grows while they are.</summary>
internal sealed class DetailsNotes
{
    /// <summary>More messages about dropped entries are not kept: their number says enough.</summary>
    private const int MaxMessages = 1_000;

    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly List<(DetailsPiece, GenesysFailure)> _failed = [];
    private readonly HashSet<string> _invalid = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>When the oldest page was requested; null before the first one.</summary>
    public Instant? AsOf { get; private set; }

    /// <summary>
    /// Up to this time the data comes from an asynchronous query. Later data is newer than Genesys' bulk data, so it can still change. Null without such a query.
    /// </summary>
    public Instant? DataAvailableUntil { get; set; }

    /// <summary>Calls to Genesys.</summary>
    public int Calls { get; private set; }

    /// <summary>Where reading stopped because of <see cref="DetailsSelection.MaxCalls"/>; null at the end of the interval.</summary>
    public Instant? StoppedAt { get; set; }

    /// <summary>How many conversations Genesys counts in all; null before it was asked.</summary>
    public long? Expected { get; set; }

    /// <summary>How many conversations were read.</summary>
    public long Read { get; set; }

    /// <summary>The pieces that could not be read, and why.</summary>
    public IReadOnlyList<(DetailsPiece Piece, GenesysFailure Failure)> FailedPieces => _failed;

    /// <summary>How many fewer conversations were read than Genesys counts, and how many lack their end.</summary>
    public long MissingConversations { get; private set; }

    /// <summary>False if conversations are missing, or lack their end.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Conversations, sessions, segments and metrics that were dropped because they were invalid, each once.</summary>
    public int InvalidEntries => _invalid.Count;

    /// <summary>Sentences for a caller that sees all queues.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>The warnings for a caller. One that is limited to some queues is not told how many conversations others have.</summary>
    public IReadOnlyCollection<string> WarningsFor(bool seesAll) =>
        seesAll || _warnings.IsEmpty ? Warnings : ["Genesys counts another number of conversations than were read, or some of them lack their end."];

    /// <summary>The first of the messages about invalid entries, for the log.</summary>
    public IReadOnlyList<string> InvalidExamples => [.. _invalid.Take(5)];

    public void Add(DetailsPage page)
    {
        lock (_gate)
        {
            AsOf = AsOf is { } known && known < page.FetchedAt ? known : page.FetchedAt;
            Calls += page.Calls;

            // A page that is read twice has the same messages.
            foreach (var message in page.InvalidEntries)
            {
                AddInvalid(message);
            }
        }
    }

    /// <summary>Counts calls without conversations.</summary>
    public void CountCalls(int calls)
    {
        lock (_gate)
        {
            Calls += calls;
        }
    }

    /// <summary>A conversation without participants lacks all that its records are made of, and an acd session without a queue the queue of its record.</summary>
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

    /// <summary>Genesys counts another number of conversations than were read.</summary>
    public void CountDiffers(DetailsPiece piece, long counted, long read)
    {
        MissingConversations += Math.Max(0, counted - read);
        IsComplete &= read > counted;
        _warnings.Enqueue($"Genesys counts {counted} conversations that began from {piece.From} to {piece.To}, and {read} were read.");
    }

    /// <summary>A piece could not be read, and the others are.</summary>
    public void PieceFailed(DetailsPiece piece, GenesysFailure failure)
    {
        IsComplete = false;
        _failed.Add((piece, failure));
    }

    /// <summary>Conversations of the bulk data could not be read again, so they may lack their end.</summary>
    public void EndsAreMissing(int conversations)
    {
        IsComplete = false;
        MissingConversations += conversations;
        _warnings.Enqueue($"{conversations} conversations still ran when the bulk data of Genesys ended, and could not be read again: their records may lack their end.");
    }

    private void AddInvalid(string message)
    {
        if (_invalid.Count < MaxMessages)
        {
            _invalid.Add(message);
        }
    }
}
