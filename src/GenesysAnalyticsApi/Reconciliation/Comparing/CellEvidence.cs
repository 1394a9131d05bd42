namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>What is known about one cell that can explain a difference.</summary>
internal sealed record CellEvidence
{
    /// <summary>Start of the bucket, inclusive.</summary>
    public required Instant From { get; init; }

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

    /// <summary>Conversations were not read, or something in them was dropped because it was invalid.</summary>
    public bool AreConversationsIncomplete { get; init; }

    /// <summary>Sessions of conversations that run and were in the cell.</summary>
    public int OpenSessions { get; init; }

    /// <summary>The time that the conversations of these sessions have taken until the end of the cell, or until they were read.</summary>
    public Duration OpenTime { get; init; }

    /// <summary>The longest of these times.</summary>
    public Duration LongestOpenTime { get; init; }

    /// <summary>The cell ends after the time up to which Genesys' bulk data is complete, so that it was read by the synchronous query.</summary>
    public bool IsProvisional { get; init; }

    /// <summary>The conversations of the cell were read by the synchronous query, which finds none that began before the lookback.</summary>
    public bool IsLimitedByLookback { get; init; }

    /// <summary>Conversations of the cell that are at least half as old as the lookback. Without any, older ones are not to be expected.</summary>
    public int OldConversations { get; init; }

    /// <summary>Whether the aggregates were read while Genesys could still change them.</summary>
    public bool AggregatesCanLack => AggregatesReadAt < To + Settle;

    /// <summary>Whether the conversations were read while Genesys could still change them.</summary>
    public bool ConversationsCanLack => ConversationsReadAt < To + Settle;

    /// <summary>The evidence with the sessions that were in the cell.</summary>
    public CellEvidence With(IEnumerable<OpenSession> sessions)
    {
        var until = Instant.Min(To, ConversationsReadAt);
        var times = sessions
            .Where(session => session.Started < To && (session.Ended is null || session.Ended >= From))
            .Select(session => Duration.Max(Duration.Zero, until - session.ConversationStart))
            .ToList();
        return this with
        {
            OpenSessions = times.Count,
            OpenTime = times.Aggregate(Duration.Zero, (sum, time) => sum + time),
            LongestOpenTime = times.DefaultIfEmpty(Duration.Zero).Max(),
        };
    }
}
