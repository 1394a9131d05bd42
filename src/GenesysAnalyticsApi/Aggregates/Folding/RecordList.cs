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
    private readonly List<RecordPosition> _positions;
    private readonly HashSet<int> _incomplete;

    private RecordList(MetricColumns figures, BucketStatuses buckets, List<RecordPosition> positions, HashSet<int> incomplete) =>
        (_figures, _buckets, _positions, _incomplete) = (figures, buckets, positions, incomplete);

    public int Count => _positions.Count;

    /// <summary>The distinct labels of the records, in the order of their first record.</summary>
    public IEnumerable<RecordLabels> Labels => _positions.Select(position => position.Labels).Distinct(ReferenceEqualityComparer.Instance).Cast<RecordLabels>();

    /// <summary>Records include their division.</summary>
    public required bool IsByDivision { get; init; }

    /// <summary>Metrics whose raw statistics were requested.</summary>
    public required IReadOnlyList<MetricColumn> Requested { get; init; }

    /// <summary>The records are compared with those of another interval (<c>compare</c>).</summary>
    public bool HasPrevious { get; private init; }

    /// <summary>The columns of <see cref="Requested"/> for the figures of <see cref="PreviousOf"/>, in the same order; empty without comparison.</summary>
    public IReadOnlyList<MetricColumn> RequestedPrevious { get; private init; } = [];

    /// <summary>True if no record lacks an omitted statistic.</summary>
    public bool AreComplete => _incomplete.Count == 0;

    public RecordRow this[int index]
    {
        get
        {
            var position = _positions[index];
            return new(position.Labels, _buckets[position.Bucket], new RecordValues(_figures, position.Row, position.Labels.Posts), HasAllStatistics: !_incomplete.Contains(position.Row));
        }
    }

    /// <summary>The record of the other interval that the record is compared with; null if its bucket has no partner, and without comparison.</summary>
    public RecordRow? PreviousOf(int index) => null;

    public static RecordList Of(FoldedRows folded, AggregatesQuery query, BucketStatuses buckets, FoldScope scope, IReadOnlySet<string> refused)
    {
        var figures = new MetricColumns(folded, refused);
        MetricColumn[] requested = [.. query.Metrics.Select(figures.Of)];
        return new RecordList(figures, buckets, PositionsOf(folded, query, scope), [.. figures.IncompleteRows(requested)])
        {
            IsByDivision = query.GroupBy.HasFlag(Grouping.Division),
            Requested = requested,
        };
    }

    public IEnumerator<RecordRow> GetEnumerator() => _positions.Select((_, index) => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static List<RecordPosition> PositionsOf(FoldedRows folded, AggregatesQuery query, FoldScope scope)
    {
        var rows = folded.Rows;
        HashSet<RowGroup> filled = query.FillZero ? [.. ZeroFill.Groups(rows.Groups, query, scope)] : [];
        RowGroup[] groups = [.. rows.Groups.Union(filled)];
        RecordLabels[] labels = [.. groups.Select((group, i) =>
            RecordLabels.Of(group, scope, i < rows.Groups.Count ? folded.Posting.Posts[i] : CallbackCoverage.PostsWithoutData(group, query)))];
        var isFilled = Array.ConvertAll(groups, filled.Contains);
        var positions = new List<RecordPosition>(rows.Count);
        foreach (var together in RecordOrder.Of(groups, scope))
        {
            for (var bucket = 0; bucket < rows.Buckets; bucket++)
            {
                foreach (var group in together)
                {
                    var row = group < rows.Groups.Count ? rows.Find(group, bucket) : RecordValues.NoRow;
                    if (row != RecordValues.NoRow || isFilled[group])
                    {
                        positions.Add(new(labels[group], bucket, row));
                    }
                }
            }
        }

        return positions;
    }

    private readonly record struct RecordPosition(RecordLabels Labels, int Bucket, int Row);
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

/// <summary>Sorts records by queue name, media type, bucket, then queue and division. Ranks are computed per group, because there are many more records than groups.</summary>
internal static class RecordOrder
{
    /// <summary>Returns the sorted indexes of the groups. Each list holds groups of equal name and media type, whose rows are sorted by bucket first.</summary>
    public static IEnumerable<IReadOnlyList<int>> Of(IReadOnlyList<RowGroup> groups, FoldScope scope)
    {
        var names = Ranks(groups.Select(NameOf));
        var media = Ranks(groups.Select(group => group.MediaType));
        var queues = Ranks(groups.Select(group => group.QueueId));
        var divisions = Ranks(groups.Select(DivisionOf));
        return groups
            .Index()
            .GroupBy(group => (Name: Rank(names, NameOf(group.Item)), Media: Rank(media, group.Item.MediaType)))
            .OrderBy(together => together.Key)
            .Select(together => together
                .OrderBy(group => (Rank(queues, group.Item.QueueId), Rank(divisions, DivisionOf(group.Item))))
                .Select(group => group.Index)
                .ToArray());

        string? NameOf(RowGroup group) => group.QueueId is { } id ? scope.QueueOf(id)?.Name : null;

        // Sorted by name, then by id for divisions of equal name.
        string? DivisionOf(RowGroup group) => group.DivisionId is { } id ? $"{scope.DivisionName(id)}\0{id}" : null;
    }

    private static Dictionary<string, int> Ranks(IEnumerable<string?> values) => values
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.OrdinalIgnoreCase)
        .ThenBy(value => value, StringComparer.Ordinal)
        .Select((value, rank) => (value, rank))
        .ToDictionary(pair => pair.value, pair => pair.rank, StringComparer.Ordinal);

    private static int Rank(Dictionary<string, int> ranks, string? value) => value is null ? int.MaxValue : ranks[value];
}
