using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Redis;

internal static class RedisRegistration
{
    /// <summary>What replicas share when <c>Cache:Redis</c> is set. Without it each feature has what a replica on its own needs.</summary>
    public static void AddSharing(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section);
        if (!string.IsNullOrWhiteSpace(builder.Configuration[$"{CacheOptions.Section}:{nameof(CacheOptions.Redis)}"]))
        {
            builder.Services.AddRedis();
        }
    }

    private static void AddRedis(this IServiceCollection services) => services
        .AddSingleton<RedisKeys>()
        .AddSingleton<RedisClock>()
        .AddSingleton<ReplicaTime>()
        .AddSingleton<RedisConnection>()
        .AddHostedService(provider => provider.GetRequiredService<RedisConnection>())
        .AddSingleton<IGauges, RedisGauges>()
        .AddSingleton<ISliceReplication, RedisSliceReplication>()
        .AddSingleton<ISharedQueueDirectory, RedisQueueDirectory>()
        .AddSingleton<ISharedRateLimit, RedisRateLimit>()
        .AddSingleton(provider => new ReadinessCheck("redis", IsRequired: false, () => provider.GetRequiredService<RedisConnection>().Readiness));
}

/// <summary>How Redis is at the moment somebody looks.</summary>
internal sealed class RedisGauges : IGauges
{
    public RedisGauges(ServiceMeter meter, RedisConnection redis) =>
        meter.Gauge("redis.up", null, "1 while Redis can be used, 0 while this replica shares nothing with the others.", () => redis.Readiness.Condition == ComponentStatus.Ok ? 1 : 0);
}
