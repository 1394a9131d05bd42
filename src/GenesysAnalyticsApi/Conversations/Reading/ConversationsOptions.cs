using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Controls how the service reads conversations, and whether it shows personal data.</summary>
internal sealed class ConversationsOptions
{
    public const string Section = "Conversations";

    /// <summary>
    /// Whether GET /conversations/{id} shows names, addresses, numbers, subjects, notes and attributes to callers with the <c>details</c> scope. The name and
    /// the attributes of an agent also need the <c>agents</c> scope. Whatever the value, lists of conversations and results of jobs do not contain this data.
    /// Other endpoints, such as GET /users, show the names of agents whether or not this setting is true.
    /// </summary>
    public bool PersonalData { get; set; }

    /// <summary>How far before the start of an interval the synchronous query searches for conversations with activity in the interval.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Lookback { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// The maximum number of conversations in one sequence of pages. An interval with more conversations is split, unless it is at most a minute long: Genesys
    /// ends a sequence after 100,000 conversations, and has failed after about 8,000.
    /// </summary>
    [Range(100, 100_000)]
    public int MaxConversationsPerPiece { get; set; } = 5_000;

    /// <summary>
    /// If all conversations of an interval are read and Genesys counts at least this many, asynchronous queries read the part of the interval that Genesys'
    /// bulk data covers.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int AsyncFromConversations { get; set; } = 20_000;

    /// <summary>The maximum number of pages that one read requests from Genesys at the same time.</summary>
    [Range(1, 16)]
    public int ConcurrentPages { get; set; } = 4;

    /// <summary>
    /// The number of Genesys requests after which a JSON page ends early, when the current piece of the interval has been read. Requests that only count
    /// conversations are included. The caller's next request continues at the <c>nextCursor</c> of the page.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxPagesPerRequest { get; set; } = 50;

    /// <summary>
    /// The maximum number of streams that this process sends at the same time: responses in ndjson, csv and parquet, and results of jobs that read
    /// conversations, in any format. One caller can hold at most half of them. A stream that is read from Genesys holds one piece in memory.
    /// </summary>
    [Range(1, 100)]
    public int MaxStreams { get; set; } = 4;
}
