namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>What is missing from the conversations of a request.</summary>
/// <param name="Conversations">How many fewer were read than Genesys counts.</param>
/// <param name="Dropped">Conversations, sessions, segments and metrics that were dropped because they were invalid.</param>
internal sealed record MissingEntries(long Conversations, int Dropped)
{
    /// <summary>The most events of one metric that a cell lacks for this reason.</summary>
    public long Events => Conversations + Dropped;

    public bool IsNone => Events == 0;
}
