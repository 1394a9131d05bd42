using GenesysAnalyticsApi.Operations;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>How Redis is at the moment somebody looks.</summary>
internal sealed class RedisGauges : IGauges
{
    public RedisGauges(ServiceMeter meter, RedisConnection redis) =>
        meter.Gauge("redis.up", null, "1 while Redis can be used, 0 while this replica shares nothing with the others.", () => redis.Readiness.Condition == Condition.Ok ? 1 : 0);
}
