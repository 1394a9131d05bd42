using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Controls how conversations are read and which parts of them are shown.</summary>
internal sealed class ConversationsOptions
{
    public const string Section = "Conversations";

    /// <summary>
    /// Whether GET /conversations/{id} shows names, addresses, numbers, subjects, notes and attributes to callers with the scope <c>details</c>. No other
    /// endpoint ever shows them.
    /// </summary>
    public bool PersonalData { get; set; }

    /// <summary>How long before an interval the synchronous query searches for conversations with activity in it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Lookback { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// The maximum number of conversations in one sequence of pages. An interval with more conversations is split: Genesys ends a sequence at 100,000, and has
    /// failed at about 8,000.
    /// </summary>
    [Range(100, 100_000)]
    public int MaxConversationsPerPiece { get; set; } = 5_000;

    /// <summary>From this number of conversations on, the part of an interval that Genesys' bulk data covers is read by an asynchronous query.</summary>
    [Range(1_000, 10_000_000)]
    public int AsyncFromConversations { get; set; } = 20_000;

    /// <summary>The number of pages that are requested at the same time.</summary>
    [Range(1, 16)]
    public int ConcurrentPages { get; set; } = 4;

    /// <summary>The number of Genesys requests after which a JSON page ends early. The next request continues at its cursor.</summary>
    [Range(1, 1_000)]
    public int MaxPagesPerRequest { get; set; } = 50;

    /// <summary>The maximum number of responses in ndjson, csv and parquet that are sent at the same time. Each holds one piece in memory.</summary>
    [Range(1, 100)]
    public int MaxStreams { get; set; } = 4;
}
