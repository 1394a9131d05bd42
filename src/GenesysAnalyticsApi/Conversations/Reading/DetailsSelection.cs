using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Which conversations to read from Genesys.</summary>
internal sealed record DetailsSelection(Instant From, Instant To)
{
    /// <summary>
    /// True for the conversations with activity in [From, To), as the aggregates of the interval count them; false for those that began in it. Conversations that
    /// began more than <c>Conversations:Lookback</c> before are found only as far as asynchronous queries reach.
    /// </summary>
    public bool IsByActivity { get; init; }

    /// <summary>The latest first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Saves pages at Genesys; the reader of the conversations selects again.</summary>
    public DetailsFilter Filter { get; init; } = DetailsFilter.None;

    /// <summary>Conversations of one piece, if the caller reads only some of all; null to read all, for which asynchronous queries are also used.</summary>
    public int? MostPerPiece { get; init; }

    /// <summary>Conversations before it, in the order of reading, are not needed: those that began earlier or, if the latest come first, later. Null to need all.</summary>
    public Instant? StartsAt { get; init; }

    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;
}

/// <summary>What is known about the data once conversations were read. It grows while they are.</summary>
internal sealed class DetailsNotes
{
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly Lock _gate = new();

    /// <summary>When the oldest page was requested; null before the first one.</summary>
    public Instant? AsOf { get; private set; }

    /// <summary>Up to this time the data comes from an asynchronous query; later data is newer than Genesys' bulk data, so it can still change. Null without such a query.</summary>
    public Instant? DataAvailableUntil { get; set; }

    /// <summary>Calls to Genesys.</summary>
    public int Calls { get; private set; }

    /// <summary>False if Genesys counted other conversations than were read.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>Conversations, sessions, segments and metrics that were dropped because they were invalid.</summary>
    public int InvalidEntries { get; private set; }

    /// <summary>Sentences for the caller.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    public void Add(DetailsPage page)
    {
        lock (_gate)
        {
            AsOf = AsOf is { } known && known < page.FetchedAt ? known : page.FetchedAt;
            Calls += page.Calls;
            InvalidEntries += page.InvalidEntries.Count;
        }
    }

    /// <summary>Counts calls without conversations.</summary>
    public void Count(int calls)
    {
        lock (_gate)
        {
            Calls += calls;
        }
    }

    /// <summary>A conversation without participants lacks all that its records are made of.</summary>
    public void Check(ConversationDetail conversation)
    {
        lock (_gate)
        {
            InvalidEntries += conversation.Participants.IsEmpty ? 1 : 0;
        }
    }

    public void Warn(string sentence) => _warnings.Enqueue(sentence);
}
