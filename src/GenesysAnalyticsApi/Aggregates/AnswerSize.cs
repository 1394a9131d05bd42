using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>How large an answer becomes, when its slices are there and before it is made of them.</summary>
internal static class AnswerSize
{
    /// <summary>About how many finest rows, queue × media type × bucket: they are held even where they are merged afterwards.</summary>
    public static int About(ReadQuestion question)
    {
        var (query, selection, plan, read, names) = question;
        var facts = read.Values.Select(outcome => outcome.Facts).OfType<AggregateFacts>().ToList();

        // Without filling, each row has a cell of its own somewhere; the fullest column misses few of them.
        var cells = facts.Sum(part => part.Columns.Select(column => (long)column.Cells.Length).DefaultIfEmpty().Max());
        if (!query.FillZero && cells <= RowsUnderWay.Small)
        {
            return (int)cells;
        }

        var scope = new FoldScope(selection, query.MediaTypes, query.GroupBy, names);
        var series = facts.SelectMany(part => part.Series).Distinct().Count(scope.Includes);
        var silent = query.FillZero && !selection.All ? selection.QueueIds.Length * Math.Max(1, query.MediaTypes.Length) : 0;
        var rows = (series + silent) * (plan.Edges.Length - 1L);
        return (int)Math.Min(query.FillZero ? rows : Math.Min(rows, cells), int.MaxValue);
    }
}
