using GenesysAnalyticsApi.Catalog;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What a reader of the figures has to know and could not see from them.</summary>
internal static class AnswerWarnings
{
    public static IReadOnlyList<AnswerWarning> Of(
        AggregatesQuery query, FoldedRows folded, IReadOnlyList<AggregateRecord> records, FoldScope scope, IReadOnlySet<string> refused) =>
        [
            .. Unknown(records, scope),
            .. Names(records, scope),
            .. Callbacks(folded),
            .. Refused(query, refused),
            .. NotAdditive(query, records, refused),
        ];

    /// <summary>Why older figures are shown, once per reason.</summary>
    public static IEnumerable<AnswerWarning> Stale(IEnumerable<SliceOutcome> outcomes) => outcomes
        .Where(outcome => outcome.IsStale)
        .GroupBy(outcome => PartialAnswers.ReasonOf(outcome.Failure!.Kind), StringComparer.Ordinal)
        .Select(group => new AnswerWarning(
            "stale", $"{group.Count()} of the parts are older than they should be, because Genesys could not be asked ({group.Key}): {group.First().Failure!.Message}"));

    private static IEnumerable<AnswerWarning> Unknown(IReadOnlyList<AggregateRecord> records, FoldScope scope)
    {
        var withData = records.Where(record => record.TotalInteractions > 0 || record.Handled > 0).Select(record => record.QueueId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var id in scope.Selection.UnknownIds.Where(id => scope.GroupBy.HasFlag(Grouping.Queue) && !withData.Contains(id)))
        {
            yield return new AnswerWarning("unknown-queue", $"The queue {id} is not in the directory and has no data in the interval.");
        }
    }

    private static IEnumerable<AnswerWarning> Names(IReadOnlyList<AggregateRecord> records, FoldScope scope)
    {
        if (scope.Directory is null)
        {
            yield return new AnswerWarning("queue-directory-unavailable", "The queue directory has never been read: queues have no names here.");
            yield break;
        }

        var nameless = records.Where(record => record.QueueName is null).Select(record => record.QueueId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (nameless is not [])
        {
            var more = nameless.Count > 10 ? $" and {nameless.Count - 10} more" : "";
            yield return new AnswerWarning("queue-name-unknown", $"Genesys does not list these queues, and they were not seen before: {string.Join(", ", nameless.Take(10))}{more}.");
        }
    }

    private static IEnumerable<AnswerWarning> Callbacks(FoldedRows folded)
    {
        var leftOut = folded.Postings.Values.Any(posting => posting.LeavesOut.Zip(posting.IsPosted, (leaves, posted) => leaves && posted).Any(both => both));
        if (leftOut)
        {
            yield return new AnswerWarning(
                "callbacks-without-answers",
                "Genesys posts no answers and abandons for callbacks: answerRate and abandonRate of merged rows are over the other media types alone.");
        }
    }

    private static IEnumerable<AnswerWarning> Refused(AggregatesQuery query, IReadOnlySet<string> refused)
    {
        var missed = refused.Where(metric => query.Metrics.Contains(metric) || MetricCatalog.StandardGroup.Metrics.Contains(metric)).Order(StringComparer.Ordinal).ToList();
        if (missed is not [])
        {
            yield return new AnswerWarning("metric-refused", $"Genesys refuses {string.Join(", ", missed)} for this organisation: what is made of it is null.");
        }
    }

    private static IEnumerable<AnswerWarning> NotAdditive(AggregatesQuery query, IReadOnlyList<AggregateRecord> records, IReadOnlySet<string> refused)
    {
        var lost = query.Metrics
            .Where(metric => !refused.Contains(metric) && records.Any(record => record.Metrics?[metric] is null))
            .ToList();
        if (lost is not [])
        {
            yield return new AnswerWarning("metric-not-additive", $"{string.Join(", ", lost)} cannot be added up: it is null where parts were merged. Ask for buckets or groups that need no merging.");
        }
    }
}
