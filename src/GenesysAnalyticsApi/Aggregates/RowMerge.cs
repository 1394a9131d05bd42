using GenesysAnalyticsApi.Catalog;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Merges the finest rows over what the question does not keep apart, and settles what callbacks leave open.</summary>
internal static class RowMerge
{
    /// <summary>What Genesys does not post for callbacks (genesys-cloud metric semantics: <c>nConnected</c> says a customer was reached).</summary>
    public static IReadOnlyList<string> NotPostedForCallbacks { get; } = ["tAnswered", "tAbandon", "tShortAbandon"];

    public static FoldedRows Merge(FoldedRow[] finest, Dictionary<string, StatColumns> columns, FoldScope scope)
    {
        var rows = new List<FoldedRow>();
        var rowOf = new int[finest.Length];
        var known = new Dictionary<FoldedRow, int>();
        for (var i = 0; i < finest.Length; i++)
        {
            var merged = finest[i] with { Group = Keep(finest[i].Group, scope) };
            if (!known.TryGetValue(merged, out rowOf[i]))
            {
                known.Add(merged, rowOf[i] = rows.Count);
                rows.Add(merged);
            }
        }

        var postings = NotPostedForCallbacks.ToDictionary(metric => metric, metric => PostingOf(metric, finest, columns, rowOf, rows.Count), StringComparer.Ordinal);
        var queueIds = finest.Select(row => row.Group.QueueId!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new FoldedRows(rows, rows.Count == finest.Length ? columns : Merge(columns, rowOf, rows.Count), queueIds, postings);
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

    private static Posting PostingOf(string metric, FoldedRow[] finest, Dictionary<string, StatColumns> columns, int[] rowOf, int rows)
    {
        var posting = new Posting(rows);
        var posted = columns.GetValueOrDefault(metric)?.Count;
        var offered = columns.GetValueOrDefault("nOffered")?.Count;
        for (var i = 0; i < finest.Length; i++)
        {
            var isPosted = finest[i].Group.MediaType != MediaTypes.Callback || posted is not null && posted[i] > 0;
            if (isPosted)
            {
                posting.IsPosted[rowOf[i]] = true;
                posting.Offered[rowOf[i]] += offered?[i] ?? 0;
            }
            else if (offered is not null && offered[i] > 0)
            {
                posting.LeavesOut[rowOf[i]] = true;
            }
        }

        return posting;
    }
}
