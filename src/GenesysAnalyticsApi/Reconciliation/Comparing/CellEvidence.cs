namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>The facts about one cell that can explain a difference.</summary>
internal sealed record CellEvidence
{
    /// <summary>The end of the bucket, exclusive.</summary>
    public required Instant To { get; init; }

    /// <summary>The fetch time of the oldest slice of the aggregates in the bucket.</summary>
    public required Instant AggregatesReadAt { get; init; }

    /// <summary>When the oldest page of conversations was requested from Genesys.</summary>
    public required Instant ConversationsReadAt { get; init; }

    /// <summary>How long after the end of a bucket Genesys can still change its figures (<c>Genesys:SettleHours</c>).</summary>
    public required Duration Settle { get; init; }

    /// <summary>True if an invalid statistic was omitted from the aggregates of the cell.</summary>
    public bool AreAggregatesIncomplete { get; init; }

    /// <summary>
    /// The maximum number of events of one metric that can be missing from the cell because conversations were not read, or because invalid data was dropped.
    /// </summary>
    public long MaxUnreadEvents { get; init; }

    /// <summary>The number of sessions in the cell that belong to open conversations.</summary>
    public int OpenSessions { get; init; }

    /// <summary>
    /// The total duration of the conversations of these sessions, in milliseconds. A duration ends at the end of the bucket, or when the conversations were
    /// read if that was earlier.
    /// </summary>
    public double OpenMs { get; init; }

    /// <summary>The longest of the durations in <see cref="OpenMs"/>, in milliseconds.</summary>
    public double LongestOpenMs { get; init; }

    /// <summary>
    /// True if bulk data was read, and the cell ends after the time up to which the bulk data is complete. The synchronous query then read the last part of the
    /// cell.
    /// </summary>
    public bool IsAfterBulkData { get; init; }

    /// <summary>
    /// True if the synchronous query read conversations of the cell. The synchronous query finds no conversations that began before the lookback.
    /// </summary>
    public bool IsLimitedByLookback { get; init; }

    /// <summary>
    /// The number of conversations in the cell that began more than half of the lookback before the interval. If there are none, the cell probably contains no
    /// conversations that began before the lookback either.
    /// </summary>
    public int OldConversations { get; init; }

    /// <summary>Whether the aggregates were read while Genesys could still change the figures of the bucket.</summary>
    public bool AggregatesMayBeBehind => AggregatesReadAt < To + Settle;

    /// <summary>Whether the conversations were read while Genesys could still change the figures of the bucket.</summary>
    public bool ConversationsMayBeBehind => ConversationsReadAt < To + Settle;

    /// <summary>Returns this evidence with the open sessions of the cell.</summary>
    public CellEvidence With(OpenSessions sessions)
    {
        var until = Instant.Min(To, ConversationsReadAt);
        return this with { OpenSessions = sessions.Count, OpenMs = sessions.MsUntil(until), LongestOpenMs = sessions.LongestMsUntil(until) };
    }
}

/// <summary>What is missing from the conversations of a reconciliation.</summary>
/// <param name="Conversations">How many fewer conversations were read than Genesys counts, plus the number of conversations that can lack their end.</param>
/// <param name="Dropped">The number of conversations, sessions, segments and metrics that are invalid.</param>
internal sealed record MissingEntries(long Conversations, int Dropped)
{
    /// <summary>The maximum number of events of one metric that a cell can lack because of missing conversations and invalid data.</summary>
    public long Events => Conversations + Dropped;

    public bool IsNone => Events == 0;
}
