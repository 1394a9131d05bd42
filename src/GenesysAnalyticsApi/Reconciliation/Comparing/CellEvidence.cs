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

    /// <summary>An invalid statistic was omitted from the aggregates of the cell.</summary>
    public bool AreAggregatesIncomplete { get; init; }

    /// <summary>The most events of one metric that the cell can lack because conversations were not read, or were dropped because they were invalid.</summary>
    public long MaxUnreadEvents { get; init; }

    /// <summary>Sessions in the cell that belong to open conversations.</summary>
    public int OpenSessions { get; init; }

    /// <summary>The total milliseconds of the conversations of these sessions up to the end of the cell, or up to the time when they were read.</summary>
    public double OpenMs { get; init; }

    /// <summary>The longest of these times.</summary>
    public double LongestOpenMs { get; init; }

    /// <summary>The cell ends after the time up to which Genesys' bulk data is complete, so that its last part was read by the synchronous query.</summary>
    public bool IsAfterBulkData { get; init; }

    /// <summary>The conversations of the cell were read by the synchronous query, which finds none that began before the lookback.</summary>
    public bool IsLimitedByLookback { get; init; }

    /// <summary>Conversations of the cell that are at least half as old as the lookback. Without any, the cell is not expected to have older ones.</summary>
    public int OldConversations { get; init; }

    /// <summary>Whether the aggregates were read while Genesys could still change them.</summary>
    public bool AggregatesMayBeBehind => AggregatesReadAt < To + Settle;

    /// <summary>Whether the conversations were read while Genesys could still change them.</summary>
    public bool ConversationsMayBeBehind => ConversationsReadAt < To + Settle;

    /// <summary>The evidence with the sessions that were in the cell.</summary>
    public CellEvidence With(OpenSessions sessions)
    {
        var until = Instant.Min(To, ConversationsReadAt);
        return this with { OpenSessions = sessions.Count, OpenMs = sessions.MsUntil(until), LongestOpenMs = sessions.LongestMsUntil(until) };
    }
}

/// <summary>What is missing from the conversations of a request.</summary>
/// <param name="Conversations">By how much the number of conversations that were read is below Genesys' count.</param>
/// <param name="Dropped">Conversations, sessions, segments and metrics that were dropped because they were invalid.</param>
internal sealed record MissingEntries(long Conversations, int Dropped)
{
    /// <summary>The most events of one metric that a cell lacks for this reason.</summary>
    public long Events => Conversations + Dropped;

    public bool IsNone => Events == 0;
}
