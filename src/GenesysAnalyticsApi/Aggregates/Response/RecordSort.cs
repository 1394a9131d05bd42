using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Sorts records by fields of <see cref="RecordFieldDefinitions"/> and applies the limit. Text is compared case-insensitively, then ordinally; null sorts last in
/// both directions. Ties are sorted by queue name, queue id, media type and start, then in the default order, so the order
/// is total.
/// </summary>
internal static class RecordSort
{
    /// <summary>The record fields that <c>sort</c> accepts. With the prefix <c>previous.</c>, these names mean fields of the compared record.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. All.Select(field => field.Name)];

    private static readonly Dictionary<string, RecordField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    private static readonly Comparer<string?> TextOrder = Comparer<string?>.Create((left, right) =>
        StringComparer.OrdinalIgnoreCase.Compare(left, right) is var order and not 0 ? order : StringComparer.Ordinal.Compare(left, right));

    private static IEnumerable<RecordField> All => [.. RecordFieldDefinitions.Labels, .. RecordFieldDefinitions.Figures, .. RecordFieldDefinitions.Within, .. RecordFieldDefinitions.Flags];

    public static RecordList Apply(RecordList records, AggregatesQuery query)
    {
        if (query.Sort.IsEmpty)
        {
            return query.Limit < records.Count ? records.Pick([.. Enumerable.Range(0, query.Limit.Value)]) : records;
        }

        var keys = query.Sort.Select(field => KeysOf(records, field)).Append(Ties(records)).ToArray();
        var order = Enumerable.Range(0, records.Count).ToArray();

        // The records are already sorted by start within a queue and media type, so the index determines the rest of the order.
        Array.Sort(order, (left, right) =>
        {
            foreach (var key in keys)
            {
                if (key[left].CompareTo(key[right]) is var compared and not 0)
                {
                    return compared;
                }
            }

            return left.CompareTo(right);
        });
        return records.Pick(query.Limit < order.Length ? order[..query.Limit.Value] : order);
    }

    /// <summary>Sorts records by start first and otherwise keeps their order, as in a response that is written in segments of time.</summary>
    public static RecordList ByStart(RecordList records) =>
        records.Pick([.. Enumerable.Range(0, records.Count).OrderBy(index => records[index].Bucket.Start)]);

    /// <summary>For each record, a number that sorts like the field. Null becomes the greatest number.</summary>
    private static double[] KeysOf(RecordList records, SortField sort)
    {
        var isPrevious = sort.Name.StartsWith(SortField.Previous, StringComparison.Ordinal);
        Func<int, ResponseRecord?> recordOf = isPrevious ? records.PreviousOf : index => records[index];
        if (sort.Name.StartsWith(SortField.Metrics, StringComparison.Ordinal))
        {
            var path = sort.Name.Split('.');
            var column = records.Requested.First(requested => requested.Metric == path[1]);
            return Numbers(record => record.Figures.Raw(column) is { } raw ? raw.Of(path[2]) : null);
        }

        return ByName[isPrevious ? sort.Name[SortField.Previous.Length..] : sort.Name] switch
        {
            IntegerField whole => Numbers(record => whole.Of(record.Figures)),
            DecimalField number => Numbers(record => number.Of(record.Figures)),
            FlagField flag => Numbers(record => flag.Of(record) ? 1 : 0),
            var field => Ranks([.. Enumerable.Range(0, records.Count).Select(index => recordOf(index) is { } record ? ((TextField)field).Of(record) : null)], sort.IsDescending),
        };

        double[] Numbers(Func<ResponseRecord, double?> value)
        {
            var keys = new double[records.Count];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = recordOf(i) is { } record && value(record) is { } number ? (sort.IsDescending ? -number : number) : double.PositiveInfinity;
            }

            return keys;
        }
    }

    private static double[] Ranks(string?[] texts, bool isDescending)
    {
        var sorted = texts.OfType<string>().Distinct(StringComparer.Ordinal).Order(TextOrder).ToArray();
        var ranks = sorted.Index().ToDictionary(text => text.Item, text => isDescending ? -text.Index : text.Index, StringComparer.Ordinal);
        return Array.ConvertAll(texts, text => text is null ? double.PositiveInfinity : ranks[text]);
    }

    /// <summary>For each record, the rank of its queue and media type. Records of different divisions can share a rank.</summary>
    private static double[] Ties(RecordList records)
    {
        var ranks = records.Labels
            .GroupBy(labels => (labels.QueueName, labels.QueueId, labels.MediaType))
            .OrderBy(group => group.Key.QueueName is null).ThenBy(group => group.Key.QueueName, TextOrder)
            .ThenBy(group => group.Key.QueueId is null).ThenBy(group => group.Key.QueueId, TextOrder)
            .ThenBy(group => group.Key.MediaType is null).ThenBy(group => group.Key.MediaType, TextOrder)
            .Index()
            .SelectMany(group => group.Item.Select(labels => (Labels: labels, group.Index)))
            .ToDictionary<(RecordLabels Labels, int Index), object, double>(rank => rank.Labels, rank => rank.Index, ReferenceEqualityComparer.Instance);
        return [.. records.Select(record => ranks[record.Labels])];
    }
}
