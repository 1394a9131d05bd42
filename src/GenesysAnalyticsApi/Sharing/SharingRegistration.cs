using GenesysAnalyticsApi.Operations;

namespace GenesysAnalyticsApi.Sharing;

internal static class SharingRegistration
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
        .AddSingleton<SharedTime>()
        .AddSingleton<RedisConnection>()
        .AddHostedService(provider => provider.GetRequiredService<RedisConnection>())
        .AddSingleton<IGauges, RedisGauges>()
        .AddSingleton<ISliceLocks, RedisSliceLocks>()
        .AddSingleton<ISharedDirectory, SharedDirectory>()
        .AddSingleton<ISharedBudget, RedisBudget>()
        .AddSingleton(provider => new ReadinessCheck("redis", IsRequired: false, () => provider.GetRequiredService<RedisConnection>().Readiness));
}
