using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Redis;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Redis keeps its own time, which nobody hurries: what shall last for a minute of ours is to last for so much less of its.</summary>
internal sealed class FastSliceReplication(ISliceReplication locks, int speed) : ISliceReplication
{
    public static void Add(IServiceCollection services, int speed) => services.AddSingleton<ISliceReplication>(provider => new FastSliceReplication(
        new RedisSliceReplication(
            provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<RedisKeys>(), provider.GetRequiredService<ReplicaTime>(),
            provider.GetRequiredService<TimeProvider>())
        {
            Life = RedisLock.Life / speed,
        },
        speed));

    public Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken) => locks.TryTakeAsync(key, cancellationToken);

    public Task<IAsyncDisposable?> TryTakeBesideAsync(string key, Predicate<Instant> willDo, CancellationToken cancellationToken) =>
        locks.TryTakeBesideAsync(key, willDo, cancellationToken);

    public Task ForgetFailureAsync(string key) => locks.ForgetFailureAsync(key);

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life) => locks.MarkFailedAsync(key, failure, life / speed);

    public Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken) => locks.FailureOfAsync(key, cancellationToken);
}
