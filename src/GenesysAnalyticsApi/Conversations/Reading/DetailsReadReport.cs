using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>The age and completeness of the data, collected while conversations are read.</summary>
internal sealed class DetailsReadReport
{
    /// <summary>The maximum number of stored messages about dropped entries. Further ones are only counted.</summary>
    private const int MaxMessages = 1_000;

    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly List<(DetailsPiece, GenesysFailure)> _failed = [];
    private readonly HashSet<string> _invalid = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>When the oldest page was requested; null before the first one.</summary>
    public Instant? AsOf { get; private set; }

    /// <summary>
    /// The time up to which the data comes from an asynchronous query. Later data is newer than Genesys' bulk data, so it can still change. Null without such a query.
    /// </summary>
    public Instant? DataAvailableUntil { get; set; }

    /// <summary>The number of Genesys requests.</summary>
    public int Calls { get; private set; }

    /// <summary>Where reading stopped because of <see cref="DetailsSelection.MaxCalls"/>; null if it reached the end of the interval.</summary>
    public Instant? StoppedAt { get; set; }

    /// <summary>The total number of conversations according to Genesys; null if it was not requested.</summary>
    public long? Expected { get; set; }

    /// <summary>How many conversations were read.</summary>
    public long Read { get; set; }

    /// <summary>The pieces that could not be read, and why.</summary>
    public IReadOnlyList<(DetailsPiece Piece, GenesysFailure Failure)> FailedPieces => _failed;

    /// <summary>How many fewer conversations were read than Genesys counts, plus how many lack their end.</summary>
    public long MissingConversations { get; private set; }

    /// <summary>False if conversations are missing, or lack their end.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Conversations, sessions, segments and metrics that were dropped because they were invalid, each once.</summary>
    public int InvalidEntries => _invalid.Count;

    /// <summary>The warnings for a caller that sees all queues.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>The warnings for a caller. If the caller is limited to some queues, they do not reveal how many conversations other queues have.</summary>
    public IReadOnlyCollection<string> WarningsFor(bool seesAll) =>
        seesAll || _warnings.IsEmpty ? Warnings : ["The number of conversations that were read differs from Genesys' count, or some conversations lack their end."];

    /// <summary>The first few messages about invalid entries, for the log.</summary>
    public IReadOnlyList<string> InvalidExamples => [.. _invalid.Take(5)];

    public void Add(DetailsPage page)
    {
        lock (_gate)
        {
            AsOf = AsOf is { } known && known < page.FetchedAt ? known : page.FetchedAt;
            Calls += page.Calls;

            // If a page is read twice, its messages occur twice. The set keeps each message once.
            foreach (var message in page.InvalidEntries)
            {
                AddInvalid(message);
            }
        }
    }

    /// <summary>Counts Genesys requests that return no conversations.</summary>
    public void CountCalls(int calls)
    {
        lock (_gate)
        {
            Calls += calls;
        }
    }

    /// <summary>Reports a conversation without participants or with an acd session without a queue: its records lack data.</summary>
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

    /// <summary>Records that Genesys' count differs from the number of conversations that were read.</summary>
    public void CountDiffers(DetailsPiece piece, long counted, long read)
    {
        MissingConversations += Math.Max(0, counted - read);
        IsComplete &= read > counted;
        _warnings.Enqueue($"Genesys counts {counted} conversations that began from {piece.From} to {piece.To}, but {read} were read.");
    }

    /// <summary>Records that a piece could not be read. Reading continues with the other pieces.</summary>
    public void PieceFailed(DetailsPiece piece, GenesysFailure failure)
    {
        IsComplete = false;
        _failed.Add((piece, failure));
    }

    /// <summary>Records that conversations of the bulk data could not be read again and may lack their end.</summary>
    public void EndsAreMissing(int conversations)
    {
        IsComplete = false;
        MissingConversations += conversations;
        _warnings.Enqueue($"{conversations} conversations were still in progress when Genesys' bulk data ended, and could not be read again: their records may lack their end.");
    }

    private void AddInvalid(string message)
    {
        if (_invalid.Count < MaxMessages)
        {
            _invalid.Add(message);
        }
    }
}
