namespace GenesysAnalyticsApi.Aggregates.Folding;

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
