using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Merges the finest rows over what the question does not keep apart.</summary>
internal static class RowMerge
{
    /// <param name="posts">For each of the finest groups whether it posts answers and abandons (<see cref="CallbackPostings"/>).</param>
    public static FoldedRows Merge(RowGrid finest, Dictionary<string, StatColumns> columns, bool[] posts, FoldScope scope)
    {
        var groupOf = GroupsOf(finest, scope, out var groups);
        var rows = new RowGrid(finest.Buckets, groups);
        var rowOf = new int[finest.Count];
        for (var i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = rows.FindOrAdd(groupOf[finest.GroupOf(i)], finest.BucketOf(i));
        }

        var queueIds = finest.Groups.Select(group => group.QueueId!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var posting = PostingOf(finest, posts, columns.GetValueOrDefault("nOffered")?.Count, groupOf, rowOf, rows);
        return new FoldedRows(rows, rows.Count == finest.Count ? columns : Merge(columns, rowOf, rows.Count), queueIds, posting);
    }

    /// <summary>For each of the finest groups the one it is merged into.</summary>
    private static int[] GroupsOf(RowGrid finest, FoldScope scope, out IReadOnlyCollection<RowGroup> groups)
    {
        var known = new Dictionary<RowGroup, int>();
        var groupOf = new int[finest.Groups.Count];
        for (var i = 0; i < groupOf.Length; i++)
        {
            var kept = Keep(finest.Groups[i], scope);
            if (!known.TryGetValue(kept, out groupOf[i]))
            {
                known.Add(kept, groupOf[i] = known.Count);
            }
        }

        groups = known.Keys;
        return groupOf;
    }

    private static RowGroup Keep(RowGroup finest, FoldScope scope) => new(
        scope.GroupBy.HasFlag(Grouping.Queue) ? finest.QueueId : null,
        scope.GroupBy.HasFlag(Grouping.MediaType) ? finest.MediaType : null,
        scope.GroupBy.HasFlag(Grouping.Division) ? scope.QueueOf(finest.QueueId!)?.DivisionId : null);

    private static Dictionary<string, StatColumns> Merge(Dictionary<string, StatColumns> columns, int[] rowOf, int rows)
    {
        var merged = new Dictionary<string, StatColumns>(StringComparer.Ordinal);
        foreach (var (metric, column) in columns)
        {
            var source = column.ToFacts([]);
            merged.Add(metric, new StatColumns(metric, rows, [source]));
            merged[metric].Add(source, rowOf);
        }

        return merged;
    }

    /// <summary>A merged group posts where one of its parts does, in every bucket of it: what the others have is left out of its rates.</summary>
    private static Posting PostingOf(RowGrid finest, bool[] posts, long[]? offered, int[] groupOf, int[] rowOf, RowGrid rows)
    {
        var posting = new Posting(rows);
        for (var group = 0; group < posts.Length; group++)
        {
            posting.Posts[groupOf[group]] |= posts[group];
        }

        for (var i = 0; offered is not null && i < finest.Count; i++)
        {
            if (posts[finest.GroupOf(i)])
            {
                posting.Offered[rowOf[i]] = StatColumns.Plus(posting.Offered[rowOf[i]], offered[i]);
            }
            else if (posting.Posts[rows.GroupOf(rowOf[i])])
            {
                posting.LeftOut += Math.Max(0, offered[i]);
            }
        }

        return posting;
    }
}
