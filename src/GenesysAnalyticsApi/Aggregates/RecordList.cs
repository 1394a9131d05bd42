using System.Collections;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The records of an answer in their order: by queue name, media type and from; names case-insensitively, then ordinally, then
/// by queue id; null last. The order is total, so equal questions give equal bytes. A record is two numbers here; its figures are
/// worked out when it is read.
/// </summary>
internal sealed class RecordList : IReadOnlyList<RecordRow>
{
    private readonly AnswerFigures _figures;
    private readonly AnswerBuckets _buckets;
    private readonly List<RecordPlace> _places;
    private readonly HashSet<int> _incomplete;

    private RecordList(AnswerFigures figures, AnswerBuckets buckets, List<RecordPlace> places, HashSet<int> incomplete) =>
        (_figures, _buckets, _places, _incomplete) = (figures, buckets, places, incomplete);

    public int Count => _places.Count;

    /// <summary>What the records are about, each once, in the order of its first record.</summary>
    public IEnumerable<RecordLabels> Labels => _places.Select(place => place.Labels).Distinct(ReferenceEqualityComparer.Instance).Cast<RecordLabels>();

    /// <summary>Records say which division they are of.</summary>
    public required bool IsByDivision { get; init; }

    /// <summary>Metrics whose raw statistics are asked for.</summary>
    public required IReadOnlyList<FigureColumn> Asked { get; init; }

    /// <summary>No record lacks a statistic that was left out.</summary>
    public bool AreComplete => _incomplete.Count == 0;

    public RecordRow this[int index]
    {
        get
        {
            var place = _places[index];
            return new(place.Labels, _buckets[place.Bucket], new RowFigures(_figures, place.Row, place.Labels.Posts), LacksNone: !_incomplete.Contains(place.Row));
        }
    }

    public static RecordList Of(FoldedRows folded, AggregatesQuery query, AnswerBuckets buckets, FoldScope scope, IReadOnlySet<string> refused)
    {
        var figures = new AnswerFigures(folded, refused);
        FigureColumn[] asked = [.. query.Metrics.Select(figures.Of)];
        return new RecordList(figures, buckets, Places(folded, query, scope), [.. figures.OddRows(asked)])
        {
            IsByDivision = query.GroupBy.HasFlag(Grouping.Division),
            Asked = asked,
        };
    }

    public IEnumerator<RecordRow> GetEnumerator() => _places.Select((_, index) => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static List<RecordPlace> Places(FoldedRows folded, AggregatesQuery query, FoldScope scope)
    {
        var rows = folded.Rows;
        HashSet<RowGroup> filled = query.FillZero ? [.. ZeroFill.Groups(rows.Groups, query, scope)] : [];
        RowGroup[] groups = [.. rows.Groups.Union(filled)];
        RecordLabels[] labels = [.. groups.Select((group, i) =>
            RecordLabels.Of(group, scope, i < rows.Groups.Count ? folded.Posting.Posts[i] : CallbackPostings.OfSilent(group, query)))];
        var isFilled = Array.ConvertAll(groups, filled.Contains);
        var places = new List<RecordPlace>(rows.Count);
        foreach (var together in RowOrder.Of(groups, scope))
        {
            for (var bucket = 0; bucket < rows.Buckets; bucket++)
            {
                foreach (var group in together)
                {
                    var row = group < rows.Groups.Count ? rows.Find(group, bucket) : RowFigures.NoRow;
                    if (row != RowFigures.NoRow || isFilled[group])
                    {
                        places.Add(new(labels[group], bucket, row));
                    }
                }
            }
        }

        return places;
    }

    private readonly record struct RecordPlace(RecordLabels Labels, int Bucket, int Row);
}

/// <summary>A record that is being read.</summary>
/// <param name="LacksNone">No statistic was left out of its figures.</param>
internal readonly record struct RecordRow(RecordLabels Labels, BucketFacts Bucket, RowFigures Figures, bool LacksNone)
{
    public bool IsComplete => Bucket.IsComplete && LacksNone;

    public bool IsFinal => Bucket.IsFinal && LacksNone;
}

/// <summary>What records are about, as they name it; one for all records of a group.</summary>
/// <param name="Posts">Some part of it posts answers and abandons.</param>
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
