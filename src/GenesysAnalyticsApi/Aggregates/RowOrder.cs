namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The order of rows: by queue name, media type, bucket, then queue and division. Groups are ranked once: rows are many, groups few.
/// </summary>
internal static class RowOrder
{
    /// <summary>
    /// The groups by their place in <paramref name="groups"/>, in order. Those of one list share name and media type: the bucket
    /// comes before what tells them apart.
    /// </summary>
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

        // The name decides first, the id among divisions of one name.
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
