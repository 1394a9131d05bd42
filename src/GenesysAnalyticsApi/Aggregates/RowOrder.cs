namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Orders rows by ranks that were worked out once per queue, media type and division: rows are many, names few.</summary>
internal sealed class RowOrder
{
    private readonly Dictionary<RowGroup, (int Name, int Media, int Queue, int Division)> _ranks;

    public RowOrder(IEnumerable<RowGroup> groups, FoldScope scope)
    {
        var distinct = groups.Distinct().ToList();
        var names = Ranks(distinct.Select(NameOf));
        var media = Ranks(distinct.Select(group => group.MediaType));
        var queues = Ranks(distinct.Select(group => group.QueueId));
        var divisions = Ranks(distinct.Select(DivisionOf));
        _ranks = distinct.ToDictionary(group => group, group => (
            Rank(names, NameOf(group)), Rank(media, group.MediaType), Rank(queues, group.QueueId), Rank(divisions, DivisionOf(group))));

        string? NameOf(RowGroup group) => group.QueueId is { } id ? scope.QueueOf(id)?.Name : null;

        // The name decides first, the id among divisions of one name.
        string? DivisionOf(RowGroup group) => group.DivisionId is { } id ? $"{scope.DivisionName(id)}\0{id}" : null;
    }

    /// <summary>What a row is sorted by. Worked out once per row: a comparison is numbers alone.</summary>
    public (int Name, int Media, int Bucket, int Queue, int Division) KeyOf(FoldedRow row)
    {
        var ranks = _ranks[row.Group];
        return (ranks.Name, ranks.Media, row.Bucket, ranks.Queue, ranks.Division);
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
