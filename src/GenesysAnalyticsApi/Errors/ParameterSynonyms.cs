using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Parameters that have other names in other APIs, dashboards and libraries, each with those names.</summary>
internal static class ParameterSynonyms
{
    public static Synonyms All { get; } = new(
        ("from", "dateFrom startDate dateStart start startTime startDateTime startAt startsAt startTimestamp since begin beginDate beginTime fromDate fromTime fromDateTime intervalStart startInterval rangeStart periodStart"),
        ("to", "dateTo endDate dateEnd end endTime endDateTime endAt endsAt endTimestamp until till toDate toTime toDateTime intervalEnd endInterval rangeEnd periodEnd finish"),
        ("interval", "intervals range dateRange timeRange dateInterval timeInterval"),
        ("last", "lookback lookbackPeriod past duration timespan"),
        ("period", "preset datePreset calendarPeriod namedPeriod relativeDate"),
        ("timeZone", "tz timeZoneId tzId tzName zone zoneId timeZoneName ianaZone ianaTimeZone"),
        ("granularity", "bucket buckets bucketSize bucketInterval bucketWidth step stepSize resolution grain timeGrain bin binSize intervalSize intervalLength intervalDuration groupInterval freq frequency"),
        ("queueId", "queueIds queueIdList queueGuid queueGuids queueUuid qId routingQueueId"),
        ("queue", "queueName queueNames queues queueNameList queuePattern queueFilter name names qName"),
        ("name", "queue queues queueName queueNames queuePattern queueFilter q search filter pattern"),
        ("divisionId", "divisionIds division divisions divId divisionGuid"),
        ("mediaType", "media mediaTypes medium channel channels channelType channelTypes mediaChannel interactionType"),
        ("messageType", "messageTypes message messages messagingType messagingPlatform platform network"),
        ("direction", "originatingDirection directions callDirection"),
        ("groupBy", "group groups grouping groupedBy groupings dimension dimensions breakdown splitBy aggregateBy by"),
        ("metric", "metrics metricName metricNames measure measures kpi kpis stat stats statistic statistics"),
        ("serviceLevelThresholdMs", "serviceLevelThreshold serviceLevelThresholdSeconds serviceLevelThresholdSec serviceLevelThresholdS serviceLevelSeconds serviceLevelMs slThreshold slThresholdMs slaThreshold slaThresholdMs slaSeconds slaMs threshold thresholdMs thresholdSeconds answeredWithin answeredWithinMs answeredWithinSeconds serviceLevelWithin within"),
        ("fill", "fillZero fillZeros zeroFill fillGaps fillMissing fillEmpty includeEmpty includeZeros emptyBuckets"),
        ("partial", "allowPartial partialResults acceptPartial"),
        ("maxAge", "maxAgeSeconds maxAgeSecs cacheMaxAge cacheTtl ttl freshness"),
        ("explain", "dryRun plan explainPlan showPlan"),
        ("hours", "hour businessHours hoursOfDay timeOfDay openingHours localHours"),
        ("weekdays", "weekday days dayOfWeek daysOfWeek workdays"),
        ("totals", "total grandTotal grandTotals summary includeTotals withTotals"),
        ("compare", "compareTo compareWith comparison comparePeriod previous previousPeriod"),
        ("sort", "sortBy orderBy order sortOrder sortField sorting orderings"),
        ("limit", "pageSize perPage size count top take maxResults first maxRows rows"),
        ("cursor", "page pageNumber pageToken nextCursor nextPage next after offset skip continuation continuationToken"));
}
