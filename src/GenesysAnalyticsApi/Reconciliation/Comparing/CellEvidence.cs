namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>What is known about one cell that can explain a difference.</summary>
internal sealed record CellEvidence
{
    /// <summary>End of the bucket, exclusive.</summary>
    public required Instant To { get; init; }

    /// <summary>The fetch time of the oldest slice of the aggregates in the bucket.</summary>
    public required Instant AggregatesReadAt { get; init; }

    /// <summary>When the oldest page of conversations was requested.</summary>
    public required Instant ConversationsReadAt { get; init; }

    /// <summary>How long after the end of a bucket Genesys still changes its figures (<c>Genesys:SettleHours</c>).</summary>
    public required Duration Settle { get; init; }

    /// <summary>True if an invalid statistic was omitted from the aggregates of the cell.</summary>
    public bool AreAggregatesIncomplete { get; init; }

    /// <summary>The most events of one metric that can be missing from the cell because conversations were not read, or were invalid and dropped.</summary>
    public long MaxUnreadEvents { get; init; }

    /// <summary>The number of sessions in the cell that belong to open conversations.</summary>
    public int OpenSessions { get; init; }

    /// <summary>
    /// The total duration, in milliseconds, of the conversations of these sessions, up to the end of the cell or to the time when they were read, whichever is
    /// earlier.
    /// </summary>
    public double OpenMs { get; init; }

    /// <summary>The longest of these durations.</summary>
    public double LongestOpenMs { get; init; }

    /// <summary>True if the cell ends after the time up to which Genesys' bulk data is complete. The synchronous query then read its last part.</summary>
    public bool IsAfterBulkData { get; init; }

    /// <summary>
    /// True if the synchronous query read conversations of the cell. That query finds no conversations that began before the lookback.
    /// </summary>
    public bool IsLimitedByLookback { get; init; }

    /// <summary>
    /// The number of conversations in the cell that began more than half of the lookback before the interval. If there are none, older ones are not expected.
    /// </summary>
    public int OldConversations { get; init; }

    /// <summary>Whether the aggregates were read while Genesys could still change them.</summary>
    public bool AggregatesMayBeBehind => AggregatesReadAt < To + Settle;

    /// <summary>Whether the conversations were read while Genesys could still change them.</summary>
    public bool ConversationsMayBeBehind => ConversationsReadAt < To + Settle;

    /// <summary>Returns this evidence with the open sessions of the cell.</summary>
    public CellEvidence With(OpenSessions sessions)
    {
        var until = Instant.Min(To, ConversationsReadAt);
        return this with { OpenSessions = sessions.Count, OpenMs = sessions.MsUntil(until), LongestOpenMs = sessions.LongestMsUntil(until) };
    }
}

/// <summary>What is missing from the conversations of a request.</summary>
/// <param name="Conversations">How many fewer conversations were read than Genesys counts.</param>
/// <param name="Dropped">Conversations, sessions, segments and metrics that were dropped because they were invalid.</param>
internal sealed record MissingEntries(long Conversations, int Dropped)
{
    /// <summary>The most events of one metric that a cell can lack for these reasons.</summary>
    public long Events => Conversations + Dropped;

    public bool IsNone => Events == 0;
}
