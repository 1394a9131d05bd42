using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Redis.Connection;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Divides lifetimes in Redis by the speed of the test clock, because Redis uses its own clock, which is not accelerated.</summary>
internal sealed class FastSliceReplication(ISliceReplication locks, int speed) : ISliceReplication
{
    public static void Add(IServiceCollection services, int speed) => services.AddSingleton<ISliceReplication>(provider => new FastSliceReplication(
        new RedisSliceReplication(
            provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<RedisKeys>(), provider.GetRequiredService<SharedTime>(),
            provider.GetRequiredService<TimeProvider>())
        {
            Life = RedisLock.Life / speed,
        },
        speed));

    public string KeyPrefix => locks.KeyPrefix;

    public string? ChannelPrefix => locks.ChannelPrefix;

    public Task<IAsyncDisposable?> TryTakeAsync(string key, bool hasPriority, CancellationToken cancellationToken) =>
        locks.TryTakeAsync(key, hasPriority, cancellationToken);

    public Task<IAsyncDisposable?> TryTakeSecondAsync(string key, bool hasPriority, Predicate<Instant> suffices, CancellationToken cancellationToken) =>
        locks.TryTakeSecondAsync(key, hasPriority, suffices, cancellationToken);

    public Task<Instant?> FetchTimeOfAsync(string key, CancellationToken cancellationToken) => locks.FetchTimeOfAsync(key, cancellationToken);

    public void ReportInvalidSlice(string reason) => locks.ReportInvalidSlice(reason);

    public Task ForgetFailureAsync(string key) => locks.ForgetFailureAsync(key);

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life) => locks.MarkFailedAsync(key, failure, life / speed);

    public Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken) => locks.FailureOfAsync(key, cancellationToken);
}
