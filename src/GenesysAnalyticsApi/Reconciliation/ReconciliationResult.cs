using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Reconciliation.Comparing;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>A compared cell with the name of its queue.</summary>
/// <param name="QueueName">The name of the queue; null if the directory does not contain the queue.</param>
internal sealed record NamedCell(CellComparison Comparison, string? QueueName);

/// <summary>The aggregates and the conversations of a query, compared cell by cell.</summary>
/// <param name="Edges">The edges of the buckets.</param>
internal sealed record ReconciliationResult(AggregatesQuery Query, AggregatesResult Aggregates, DetailsReadReport Report, ImmutableArray<Instant> Edges)
{
    /// <summary>When the oldest page of conversations was requested from Genesys.</summary>
    public required Instant ConversationsReadAt { get; init; }

    /// <summary>What is missing from the conversations.</summary>
    public required MissingEntries Missing { get; init; }

    /// <summary>Whether the caller can see every queue.</summary>
    public required bool SeesAll { get; init; }

    /// <summary>The number of conversations with an event in one of the cells.</summary>
    public required int Conversations { get; init; }

    /// <summary>All cells, in no particular order.</summary>
    public required ImmutableArray<NamedCell> Cells { get; init; }
}
