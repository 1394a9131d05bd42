using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Alerts;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Observations.Feed;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Redis.Alerts;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.Redis.Directories;
using GenesysAnalyticsApi.Redis.Jobs;
using GenesysAnalyticsApi.Redis.Observations;
using Microsoft.Extensions.Caching.Distributed;
using ZiggyCreatures.Caching.Fusion.Backplane;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace GenesysAnalyticsApi.Redis;

internal static class RedisRegistration
{
    /// <summary>
    /// Registers the implementations that share data through Redis, if <c>Cache:Redis</c> is set. Without this setting, each feature registers its local
    /// implementation.
    /// </summary>
    public static void AddSharing(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CacheStorageOptions>().BindConfiguration(CacheStorageOptions.Section);
        if (!string.IsNullOrWhiteSpace(builder.Configuration[$"{CacheStorageOptions.Section}:{nameof(CacheStorageOptions.Redis)}"]))
        {
            builder.Services.AddRedis();
        }
    }

    private static void AddRedis(this IServiceCollection services) => services
        .AddSingleton<RedisKeys>()
        .AddSingleton<SharedTime>()
        .AddSingleton<RedisConnection>()
        .AddHostedService(provider => provider.GetRequiredService<RedisConnection>())
        .AddActivatedSingleton<RedisGauges>()
        .AddSingleton<ISliceReplication, RedisSliceReplication>()
        .AddSingleton<IDistributedCache, RedisDistributedCache>()
        .AddSingleton<IFusionCacheSerializer, SliceCacheSerializer>()
        .AddSingleton<IFusionCacheBackplane, RedisBackplane>()
        .AddSingleton<IJobStore, RedisJobStore>()
        .AddSingleton<IJobResultStore, RedisJobResultStore>()
        .AddSingleton<IAlertStore, RedisAlertStore>()
        .AddSingleton<ILiveReplication, RedisLiveReplication>()
        .AddSingleton<INotificationSharing, RedisNotificationSharing>()
        .AddRedisDirectories()
        .AddSingleton<ISharedRateLimit, RedisRateLimit>()
        .AddHealthChecks().AddCheck<RedisConnection>("redis");
}

/// <summary>Reports whether Redis is available, each time telemetry is collected.</summary>
internal sealed class RedisGauges
{
    public RedisGauges(ServiceMeter meter, RedisConnection redis) =>
        meter.Gauge("redis.up", null, "1 while Redis can be used, 0 while this replica shares nothing with the others.", () => redis.State.IsUp ? 1 : 0);
}
