using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Redis.Connection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>
/// A Redis connection with a longer command timeout than the usual quarter of a second: on a machine that is busy with other tests, Redis
/// must not count as slow.
/// </summary>
internal static class PatientRedisConnection
{
    public static void Add(IServiceCollection services) => services.AddSingleton(provider => new RedisConnection(
        provider.GetRequiredService<IOptions<CacheStorageOptions>>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisConnection>>())
    {
        CommandTimeout = TimeSpan.FromSeconds(10),
    });
}
