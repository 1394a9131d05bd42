using System.Collections;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// The records of a response. By default, they are sorted by queue name, media type, <c>from</c>, queue id, division and the further dimensions. Names are
/// compared case-insensitively, then ordinally; null sorts last. The order is total, so equal queries produce equal bytes. A record is stored as its labels,
/// bucket and row; its figures are computed when the record is read.
/// </summary>
internal sealed class RecordList : IReadOnlyList<ResponseRecord>
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

    /// <summary>The dimensions of the records; rows are rolled up over all other dimensions.</summary>
    public required Grouping GroupBy { get; init; }

    /// <summary>The metrics for which raw statistics were requested.</summary>
    public required IReadOnlyList<MetricColumn> Requested { get; init; }

    /// <summary>Whether the query has a service level threshold. If so, records include the figures for the threshold.</summary>
    public required bool HasThreshold { get; init; }

    /// <summary>Whether the records are compared with the records of another interval (<c>compare</c>).</summary>
    public bool HasPrevious => _compared is not null;

    /// <summary>The columns of <see cref="Requested"/> for the figures of <see cref="PreviousOf"/>, in the same order; empty without comparison.</summary>
    public IReadOnlyList<MetricColumn> RequestedPrevious => _compared?.Requested ?? [];

    /// <summary>True if no statistic was omitted from any record or compared record.</summary>
    public bool HaveAllStatistics => _incomplete.Count == 0 && _compared is not { Incomplete.Count: > 0 };

    public ResponseRecord this[int index]
    {
        get
        {
            var position = _positions.Records[index];
            return new(position.Labels, _buckets[position.Bucket], new RowArithmetic(_figures, position.Row, position.Labels.ReportsAnswers), HasAllStatistics: !_incomplete.Contains(position.Row));
        }
    }

    /// <summary>The record of the compared interval; null if the record's bucket has no partner, or without comparison.</summary>
    public ResponseRecord? PreviousOf(int index) => _compared is null || _positions.Previous![index] is not { Bucket: >= 0 } position
        ? null
        : new(
            _positions.Records[index].Labels, _compared.Buckets[position.Bucket], new RowArithmetic(_compared.Figures, position.Row, position.ReportsAnswers),
            HasAllStatistics: !_compared.Incomplete.Contains(position.Row));

    /// <param name="previous">The rows to compare with; null without comparison.</param>
    public static RecordList Of(
        FoldedRows folded, AggregatesQuery query, BucketStatuses buckets, FoldScope scope, IReadOnlySet<string> rejected, ComparedRows? previous = null)
    {
        var (figures, requested, incomplete) = Columns(folded, query, rejected);
        ComparedColumns? compared = null;
        if (previous is not null)
        {
            var (previousFigures, previousRequested, previousIncomplete) = Columns(previous.Folded, query, rejected);
            compared = new(previousFigures, previous.Buckets, previousRequested, previousIncomplete);
        }

        return new RecordList(figures, buckets, RecordPositions.Of(folded, query, buckets, scope, previous), incomplete, compared)
        {
            GroupBy = query.GroupBy,
            Requested = requested,
            HasThreshold = query.ServiceLevelThresholdMs is not null,
        };
    }

    /// <summary>The records with these indexes, in this order.</summary>
    public RecordList Pick(IReadOnlyList<int> indexes) =>
        new(_figures, _buckets, _positions.Pick(indexes), _incomplete, _compared) { GroupBy = GroupBy, Requested = Requested, HasThreshold = HasThreshold };

    public IEnumerator<ResponseRecord> GetEnumerator() => _positions.Records.Select((_, index) => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static (MetricColumns Figures, MetricColumn[] Requested, HashSet<int> Incomplete) Columns(FoldedRows folded, AggregatesQuery query, IReadOnlySet<string> rejected)
    {
        var figures = new MetricColumns(folded, rejected);
        MetricColumn[] requested = [.. query.Metrics.Select(figures.Of)];
        return (figures, requested, [.. figures.IncompleteRows(query.ServiceLevelThresholdMs is null ? requested : [.. requested, figures.AnsweredWithinColumn])]);
    }

    private sealed record ComparedColumns(MetricColumns Figures, BucketStatuses Buckets, IReadOnlyList<MetricColumn> Requested, HashSet<int> Incomplete);
}

/// <summary>A record of a response, created when it is read.</summary>
/// <param name="HasAllStatistics">Whether no statistic was omitted from the figures.</param>
internal readonly record struct ResponseRecord(RecordLabels Labels, BucketStatus Bucket, RowArithmetic Figures, bool HasAllStatistics)
{
    public bool IsComplete => Bucket.IsComplete && HasAllStatistics;

    public bool IsFinal => Bucket.IsFinal && HasAllStatistics;
}

/// <summary>The labels of a record, shared by all records of a group.</summary>
/// <param name="Values">The values in the optional dimensions (message type, direction, agent, wrap-up code); null if the query splits by none of them.</param>
/// <param name="ReportsAnswers">Whether Genesys reports answers and abandons for at least one part of the group.</param>
internal sealed record RecordLabels(
    string? QueueId, string? QueueName, string? DivisionId, string? DivisionName, string? MediaType, DimensionValues? Values, string? UserName, string? WrapUpCodeName, bool ReportsAnswers)
{
    public string? ValueOf(Dimensions dimension) => Values?[dimension];

    /// <summary>The name for the value of a dimension whose values are ids; null if there is no name.</summary>
    public string? NameOf(Dimensions dimension) => dimension switch
    {
        Dimensions.User => UserName,
        Dimensions.WrapUpCode => WrapUpCodeName,
        _ => null,
    };

    public static RecordLabels Of(RowGroup group, FoldScope scope, bool reportsAnswers) => new(
        group.QueueId,
        group.QueueId is { } id ? scope.QueueOf(id)?.Name : null,
        group.DivisionId,
        group.DivisionId is { } division ? scope.DivisionName(division) : null,
        group.MediaType,
        group.Values,
        scope.Names.NameOf(Dimensions.User, group.Values?[Dimensions.User]),
        scope.Names.NameOf(Dimensions.WrapUpCode, group.Values?[Dimensions.WrapUpCode]),
        reportsAnswers);
}

/// <summary>For each record of a response, in order: its row and bucket, and the row and bucket with which it is compared.</summary>
/// <param name="Previous">Parallel to the records; null without comparison.</param>
internal sealed record RecordPositions(List<RecordPosition> Records, List<PreviousPosition>? Previous)
{
    public static RecordPositions Of(FoldedRows folded, AggregatesQuery query, BucketStatuses buckets, FoldScope scope, ComparedRows? previous)
    {
        var rows = folded.Rows;
        RowGroup[] present = previous is null ? [.. rows.Groups] : [.. rows.Groups.Union(previous.Folded.Rows.Groups)];
        HashSet<RowGroup> filled = query.FillZero ? [.. ZeroFill.Groups(present, query, scope)] : [];
        RowGroup[] groups = [.. present.Union(filled)];
        RecordLabels[] labels = [.. groups.Select((group, i) =>
            RecordLabels.Of(group, scope, i < rows.Groups.Count ? folded.Coverage.ReportsAnswers[i] : CallbackCoverage.ReportsAnswersWithoutData(group, query)))];
        var isFilled = Array.ConvertAll(groups, filled.Contains);
        var previousGroups = previous is null ? null : new PreviousGroups(groups, query, previous);
        var positions = new RecordPositions(new(rows.Count), previous is null ? null : new(rows.Count));
        foreach (var tied in RecordOrder.Of(groups, scope))
        {
            for (var bucket = 0; bucket < rows.BucketCount; bucket++)
            {
                if (!buckets.Includes(bucket))
                {
                    continue;
                }

                foreach (var group in tied)
                {
                    var row = group < rows.Groups.Count ? rows.Find(group, bucket) : RowArithmetic.NoRow;
                    var partner = previousGroups?.Find(group, bucket);
                    if (row != RowArithmetic.NoRow || isFilled[group] || partner is { Row: not RowArithmetic.NoRow })
                    {
                        positions.Records.Add(new(labels[group], bucket, row));
                        positions.Previous?.Add(partner!.Value);
                    }
                }
            }
        }

        return positions;
    }

    public RecordPositions Pick(IReadOnlyList<int> indexes) =>
        new([.. indexes.Select(index => Records[index])], Previous is { } previous ? [.. indexes.Select(index => previous[index])] : null);

    /// <summary>Finds the rows of the compared interval by the groups of the response.</summary>
    private sealed class PreviousGroups
    {
        private const int NoGroup = -1;
        private readonly ComparedRows _previous;
        private readonly int[] _groupOf;
        private readonly bool[] _reportsAnswers;

        public PreviousGroups(RowGroup[] groups, AggregatesQuery query, ComparedRows previous)
        {
            var known = previous.Folded.Rows.Groups.Index().ToDictionary(group => group.Item, group => group.Index);
            _previous = previous;
            _groupOf = Array.ConvertAll(groups, group => known.GetValueOrDefault(group, NoGroup));
            _reportsAnswers = [.. groups.Select((group, i) => _groupOf[i] == NoGroup ? CallbackCoverage.ReportsAnswersWithoutData(group, query) : previous.Folded.Coverage.ReportsAnswers[_groupOf[i]])];
        }

        public PreviousPosition Find(int group, int bucket)
        {
            var (partnerBucket, previousGroup) = (_previous.PartnerOf[bucket], _groupOf[group]);
            return new(partnerBucket, partnerBucket < 0 || previousGroup == NoGroup ? RowArithmetic.NoRow : _previous.Folded.Rows.Find(previousGroup, partnerBucket), _reportsAnswers[group]);
        }
    }
}

internal readonly record struct RecordPosition(RecordLabels Labels, int Bucket, int Row);

/// <param name="Bucket">The bucket of the compared interval; negative if there is no partner.</param>
internal readonly record struct PreviousPosition(int Bucket, int Row, bool ReportsAnswers);

/// <summary>Sorts records by queue name, media type, bucket, queue id, division and further dimensions. Ranks are computed per group, not per record.</summary>
internal static class RecordOrder
{
    /// <summary>Returns the sorted indexes of the groups. Groups with the same queue name and media type form one list: their records are sorted by bucket first.</summary>
    public static IEnumerable<IReadOnlyList<int>> Of(IReadOnlyList<RowGroup> groups, FoldScope scope)
    {
        var names = Ranks(groups.Select(NameOf));
        var media = Ranks(groups.Select(group => group.MediaType));
        var queues = Ranks(groups.Select(group => group.QueueId));
        var divisions = Ranks(groups.Select(DivisionOf));
        var values = Ranks(groups.Select(ValuesOf));
        return groups
            .Index()
            .GroupBy(group => (Name: Rank(names, NameOf(group.Item)), Media: Rank(media, group.Item.MediaType)))
            .OrderBy(tied => tied.Key)
            .Select(tied => tied
                .OrderBy(group => (Rank(queues, group.Item.QueueId), Rank(divisions, DivisionOf(group.Item)), Rank(values, ValuesOf(group.Item))))
                .Select(group => group.Index)
                .ToArray());

        string? NameOf(RowGroup group) => group.QueueId is { } id ? scope.QueueOf(id)?.Name : null;

        // Joins the values into one string that sorts as if they were compared one by one: named values, then values without a name, then missing values.
        string? ValuesOf(RowGroup group) => group.Values is { } values
            ? string.Join('\0', Dimension.Of(values.Set).Select(dimension => values[dimension.Flag] is { } value ? $"{TextOf(dimension, value)}\0{value}" : "\uffff")) : null;

        string? TextOf(Dimension dimension, string value) => dimension.NameField is null ? value : scope.Names.NameOf(dimension.Flag, value) ?? "\ufffe";

        // Divisions are sorted by name, then by id.
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
