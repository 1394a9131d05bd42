using System.Collections;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// The records of a response, sorted by queue name, media type and from. Names are compared case-insensitively, then ordinally, then by queue id;
/// null sorts last. The order is total, so that equal queries give equal bytes. A record is stored as two numbers and its figures are computed when
/// it is read.
/// </summary>
internal sealed class RecordList : IReadOnlyList<RecordRow>
{
    private readonly MetricColumns _figures;
    private readonly BucketStatuses _buckets;
    private readonly RecordPositions _positions;
    private readonly HashSet<int> _incomplete;
    private readonly ComparedColumns? _compared;

    private RecordList(MetricColumns figures, BucketStatuses buckets, RecordPositions positions, HashSet<int> incomplete, ComparedColumns? compared) =>
        (_figures, _buckets, _positions, _incomplete, _compared) = (figures, buckets, positions, incomplete, compared);

    public int Count => _positions.Records.Count;

    /// <summary>The distinct labels of the records, in the order of their first record.</summary>
    public IEnumerable<RecordLabels> Labels => _positions.Records.Select(position => position.Labels).Distinct(ReferenceEqualityComparer.Instance).Cast<RecordLabels>();

    /// <summary>Records include their division.</summary>
    public required bool IsByDivision { get; init; }

    /// <summary>Metrics whose raw statistics were requested.</summary>
    public required IReadOnlyList<MetricColumn> Requested { get; init; }

    /// <summary>The query has a service level threshold, so records include the figures for it.</summary>
    public required bool HasThreshold { get; init; }

    /// <summary>The records are compared with those of another interval (<c>compare</c>).</summary>
    public bool HasPrevious => _compared is not null;

    /// <summary>The columns of <see cref="Requested"/> for the figures of <see cref="PreviousOf"/>, in the same order; empty without comparison.</summary>
    public IReadOnlyList<MetricColumn> RequestedPrevious => _compared?.Requested ?? [];

    /// <summary>True if no record lacks an omitted statistic, on either side of a comparison.</summary>
    public bool AreComplete => _incomplete.Count == 0 && _compared is not { Incomplete.Count: > 0 };

    public RecordRow this[int index]
    {
        get
        {
            var position = _positions.Records[index];
            return new(position.Labels, _buckets[position.Bucket], new RecordValues(_figures, position.Row, position.Labels.Posts), HasAllStatistics: !_incomplete.Contains(position.Row));
        }
    }

    /// <summary>The record of the other interval that the record is compared with; null if its bucket has no partner, and without comparison.</summary>
    public RecordRow? PreviousOf(int index) => _compared is null || _positions.Previous![index] is not { Bucket: >= 0 } position
        ? null
        : new(
            _positions.Records[index].Labels, _compared.Buckets[position.Bucket], new RecordValues(_compared.Figures, position.Row, position.Posts),
            HasAllStatistics: !_compared.Incomplete.Contains(position.Row));

    /// <param name="previous">The rows to compare with; null for none.</param>
    public static RecordList Of(
        FoldedRows folded, AggregatesQuery query, BucketStatuses buckets, FoldScope scope, IReadOnlySet<string> refused, ComparedRows? previous = null)
    {
        var (figures, requested, incomplete) = Columns(folded, query, refused);
        ComparedColumns? compared = null;
        if (previous is not null)
        {
            var (before, requestedBefore, incompleteBefore) = Columns(previous.Folded, query, refused);
            compared = new(before, previous.Buckets, requestedBefore, incompleteBefore);
        }

        return new RecordList(figures, buckets, RecordPositions.Of(folded, query, buckets, scope, previous), incomplete, compared)
        {
            IsByDivision = query.GroupBy.HasFlag(Grouping.Division),
            Requested = requested,
            HasThreshold = query.ServiceLevelThresholdMs is not null,
        };
    }

    /// <summary>The records with these indexes, in this order.</summary>
    public RecordList Pick(IReadOnlyList<int> indexes) =>
        new(_figures, _buckets, _positions.Pick(indexes), _incomplete, _compared) { IsByDivision = IsByDivision, Requested = Requested, HasThreshold = HasThreshold };

    public IEnumerator<RecordRow> GetEnumerator() => _positions.Records.Select((_, index) => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static (MetricColumns Figures, MetricColumn[] Requested, HashSet<int> Incomplete) Columns(FoldedRows folded, AggregatesQuery query, IReadOnlySet<string> refused)
    {
        var figures = new MetricColumns(folded, refused);
        MetricColumn[] requested = [.. query.Metrics.Select(figures.Of)];
        return (figures, requested, [.. figures.IncompleteRows(query.ServiceLevelThresholdMs is null ? requested : [.. requested, figures.Within])]);
    }

    private sealed record ComparedColumns(MetricColumns Figures, BucketStatuses Buckets, IReadOnlyList<MetricColumn> Requested, HashSet<int> Incomplete);
}

/// <summary>A record while it is read.</summary>
/// <param name="HasAllStatistics">No statistic was omitted from its figures.</param>
internal readonly record struct RecordRow(RecordLabels Labels, BucketStatus Bucket, RecordValues Figures, bool HasAllStatistics)
{
    public bool IsComplete => Bucket.IsComplete && HasAllStatistics;

    public bool IsFinal => Bucket.IsFinal && HasAllStatistics;
}

/// <summary>The labels of a record, shared by all records of a group.</summary>
/// <param name="Posts">At least one part of the group posts answers and abandons.</param>
internal sealed record RecordLabels(string? QueueId, string? QueueName, string? DivisionId, string? DivisionName, string? MediaType, bool Posts)
{
    public static RecordLabels Of(RowGroup group, FoldScope scope, bool posts) => new(
        group.QueueId,
        group.QueueId is { } id ? scope.QueueOf(id)?.Name : null,
        group.DivisionId,
        group.DivisionId is { } division ? scope.DivisionName(division) : null,
        group.MediaType,
        posts);
}
