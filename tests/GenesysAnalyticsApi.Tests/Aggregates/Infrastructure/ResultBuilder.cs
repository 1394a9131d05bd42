using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>A result for tests of the formats.</summary>
internal static class ResultBuilder
{
    public static AggregatesResult Of(ResolvedQuery query, ResponseMeta meta, RecordList records) => new(query, meta, records, [], DirectoryReadAt: null)
    {
        Now = AggregatesClient.Now,
        AsOf = AggregatesClient.Now,
    };
}
