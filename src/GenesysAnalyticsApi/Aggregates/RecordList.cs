namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The records of an answer in their order: by queue name, media type and from; names case-insensitively, then ordinally, then
/// by queue id; null last. The order is total, so equal questions give equal bytes.
/// </summary>
internal static class RecordList
{
    public static IReadOnlyList<AggregateRecord> Of(
        FoldedRows folded, AggregatesQuery query, AnswerBuckets buckets, FoldScope scope, IReadOnlySet<string> refused)
    {
        var rows = folded.Rows.Select((row, index) => (Row: row, Index: (int?)index)).ToList();
        if (query.FillZero)
        {
            var present = folded.Rows.ToHashSet();
            rows.AddRange(ZeroFill.Grid(folded.Rows, query, scope, buckets.Count).Where(row => !present.Contains(row)).Select(row => (row, (int?)null)));
        }

        var order = new RowOrder(rows.Select(row => row.Row.Group), scope);
        var (keys, sorted) = (rows.ConvertAll(row => order.KeyOf(row.Row)).ToArray(), rows.ToArray());
        Array.Sort(keys, sorted);
        return [.. sorted.Select(row => Record(row.Row, new RowFigures(folded, row.Index, row.Row.Group.MediaType, refused), query, buckets[row.Row.Bucket], scope))];
    }

    private static AggregateRecord Record(FoldedRow row, RowFigures figures, AggregatesQuery query, BucketFacts bucket, FoldScope scope)
    {
        var (hasAnswered, hasAbandoned) = (figures.HasAny("tAnswered"), figures.HasAny("tAbandon"));
        return new AggregateRecord
        {
            IsByDivision = query.GroupBy.HasFlag(Grouping.Division),
            QueueId = row.Group.QueueId,
            QueueName = row.Group.QueueId is { } id ? scope.QueueOf(id)?.Name : null,
            DivisionId = row.Group.DivisionId,
            DivisionName = row.Group.DivisionId is { } division ? scope.DivisionName(division) : null,
            MediaType = row.Group.MediaType,
            From = bucket.From,
            To = bucket.To,
            LocalFrom = bucket.LocalFrom,

            TotalInteractions = figures.Count("nOffered") + figures.Count("nOutbound"),
            Offered = figures.Count("nOffered"),
            Answered = hasAnswered ? figures.Count("tAnswered") : null,
            Abandoned = hasAbandoned ? figures.Count("tAbandon") : null,
            ShortAbandoned = figures.HasAny("tShortAbandon") ? figures.Count("tShortAbandon") : null,
            FlowOut = figures.Count("tFlowOut"),
            Outbound = figures.Count("nOutbound"),
            Connected = figures.Count("nConnected"),
            Handled = figures.Count("tHandle"),
            OverServiceLevel = figures.Count("nOverSla"),
            Transferred = figures.Count("nTransferred"),
            BlindTransferred = figures.Count("nBlindTransferred"),
            ConsultTransferred = figures.Count("nConsultTransferred"),
            Errors = figures.Count("nError"),

            TotalHandleTimeMs = figures.SumMs("tHandle"),
            TalkTimeMs = figures.SumMs("tTalkComplete"),
            HoldTimeMs = figures.SumMs("tHeldComplete"),
            WrapTimeMs = figures.SumMs("tAcw"),
            DialingTimeMs = figures.SumMs("tDialing"),
            ContactingTimeMs = figures.SumMs("tContacting"),
            AlertTimeMs = figures.SumMs("tAlert"),
            WaitTimeMs = figures.SumMs("tWait"),
            AnswerTimeMs = hasAnswered ? figures.SumMs("tAnswered") : null,
            AbandonTimeMs = hasAbandoned ? figures.SumMs("tAbandon") : null,
            FlowOutTimeMs = figures.SumMs("tFlowOut"),

            AverageHandleTimeMs = figures.Average("tHandle"),
            AverageTalkTimeMs = figures.Average("tTalkComplete"),
            AverageHoldTimeMs = figures.Average("tHeldComplete"),
            AverageWrapTimeMs = figures.Average("tAcw"),
            AverageWaitTimeMs = figures.Average("tWait"),
            AverageSpeedOfAnswerMs = hasAnswered ? figures.Average("tAnswered") : null,
            AverageTimeToAbandonMs = hasAbandoned ? figures.Average("tAbandon") : null,
            LongestWaitMs = figures.MaxMs("tWait"),
            LongestHandleTimeMs = figures.MaxMs("tHandle"),

            ServiceLevel = figures.Ratio("oServiceLevel"),
            ServiceLevelNumerator = figures.Numerator("oServiceLevel"),
            ServiceLevelDenominator = figures.Denominator("oServiceLevel"),
            ServiceLevelTarget = figures.Target("oServiceLevel"),
            AnswerRate = figures.RateOfOffered("tAnswered"),
            AbandonRate = figures.RateOfOffered("tAbandon"),
            TransferRate = RowFigures.Quotient(figures.Count("nTransferred"), figures.Count("tHandle")),

            Metrics = query.Metrics.IsEmpty ? null : query.Metrics.ToDictionary(metric => metric, figures.Raw, StringComparer.Ordinal),
            Complete = bucket.IsComplete,
            Final = bucket.IsFinal,
        };
    }
}
