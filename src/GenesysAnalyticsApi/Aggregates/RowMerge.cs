using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Merges the finest rows over what the question does not keep apart, and settles what callbacks leave open.</summary>
internal static class RowMerge
{
    /// <summary>What Genesys does not post for callbacks (genesys-cloud metric semantics: <c>nConnected</c> says a customer was reached).</summary>
    public static IReadOnlyList<string> NotPostedForCallbacks { get; } = ["tAnswered", "tAbandon", "tShortAbandon"];

    public static FoldedRows Merge(RowGrid finest, Dictionary<string, StatColumns> columns, FoldScope scope)
    {
        var groupOf = GroupsOf(finest, scope, out var groups);
        var rows = new RowGrid(finest.Buckets, groups);
        var rowOf = new int[finest.Count];
        for (var i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = rows.FindOrAdd(groupOf[finest.GroupOf(i)], finest.BucketOf(i));
        }

        var isCallback = finest.Groups.Select(group => group.MediaType == MediaTypes.Callback).ToArray();
        var postings = NotPostedForCallbacks.ToDictionary(metric => metric, metric => PostingOf(metric, finest, isCallback, columns, rowOf, rows.Count), StringComparer.Ordinal);
        var queueIds = finest.Groups.Select(group => group.QueueId!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new FoldedRows(rows, rows.Count == finest.Count ? columns : Merge(columns, rowOf, rows.Count), queueIds, postings);
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

    private static Posting PostingOf(string metric, RowGrid finest, bool[] isCallback, Dictionary<string, StatColumns> columns, int[] rowOf, int rows)
    {
        var posting = new Posting(rows);
        var posted = columns.GetValueOrDefault(metric)?.Count;
        var offered = columns.GetValueOrDefault("nOffered")?.Count;
        for (var i = 0; i < finest.Count; i++)
        {
            var isPosted = !isCallback[finest.GroupOf(i)] || posted is not null && posted[i] > 0;
            if (isPosted)
            {
                posting.IsPosted[rowOf[i]] = true;
                posting.Offered[rowOf[i]] = StatColumns.Plus(posting.Offered[rowOf[i]], offered?[i] ?? 0);
            }
            else if (offered is not null && offered[i] > 0)
            {
                posting.LeavesOut[rowOf[i]] = true;
            }
        }

        return posting;
    }
}
