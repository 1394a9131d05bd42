using System.Collections.Concurrent;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.Redis.Directories;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>One of several replicas: a separate connection and everything that is shared through it.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly CacheStorageOptions _options;

    // The timeout is long: on a machine that is busy with other tests, Redis must not count as slow.
    public Replica(RedisServer server, string clientId = "client", double secondsPerCommand = 10)
    {
        _options = new CacheStorageOptions { Redis = server.ConnectionString, MaxBytes = 64 * 1024 * 1024 };
        Keys = new(Options.Create(new GenesysOptions { Region = "eu-west-1", ClientId = clientId }));
        Redis = new(Options.Create(_options), Clock, new LogRecorder<RedisConnection>(Log)) { CommandTimeout = TimeSpan.FromSeconds(secondsPerCommand) };
        var time = new SharedTime(GenesysClock, Clock);
        Locks = new(Redis, Keys, time, Clock);
        Slices = new(
            Options.Create(_options), Clock, Locks, spill: null, new RedisDistributedCache(Redis), new SliceCacheSerializer(time, NullLogger<SliceCache>.Instance, Locks), new RedisBackplane(Redis));
        Directory = new("directory", Redis, Keys, time, Clock);
        Users = new(UserDirectory.Listing, Redis, Keys, time, Clock);
        WrapUpCodes = new(WrapUpCodeDirectory.Listing, Redis, Keys, time, Clock);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 15, 0, TimeSpan.Zero));

    /// <summary>What this replica knows about the skew of its clock.</summary>
    public GenesysClock GenesysClock { get; } = new();

    public ConcurrentQueue<(LogLevel Level, int Id)> Log { get; } = [];

    public RedisKeys Keys { get; }

    public RedisConnection Redis { get; }

    public SliceCache Slices { get; }

    public RedisSliceReplication Locks { get; }

    public RedisDirectory<QueueEntry, QueueCacheEntry> Directory { get; }

    public RedisDirectory<NamedEntry, NameCacheEntry> Users { get; }

    public RedisDirectory<NamedEntry, NameCacheEntry> WrapUpCodes { get; }

    public static async Task<Replica> ConnectedAsync(RedisServer server, string clientId = "client", double secondsPerCommand = 10)
    {
        var replica = new Replica(server, clientId, secondsPerCommand);
        await replica.Redis.StartAsync(CancellationToken.None);
        await replica.ReachesRedisAsync();
        return replica;
    }

    /// <summary>Waits until the given number of replicas, including this one, receive each other's notifications.</summary>
    public Task WaitForSubscribersAsync(int replicas) => Eventually.IsTrueAsync(
        async () =>
        {
            try
            {
                var channels = (string?[]?)await Redis.Database!.ExecuteAsync("PUBSUB", "CHANNELS", Keys.Of("news") + "*") ?? [];
                return channels is [{ } channel] && (int)(await Redis.Database!.ExecuteAsync("PUBSUB", "NUMSUB", channel))[1] == replicas;
            }
            catch (RedisConnectionException)
            {
                // A server that has just started can drop the connection once more.
                return false;
            }
        },
        $"{replicas} replicas receive each other's notifications");

    public Task ReachesRedisAsync() => Eventually.IsTrueAsync(() => Redis.Database is not null, "the replica reaches Redis");

    public Task MissesRedisAsync() => Eventually.IsTrueAsync(() => Redis.Database is null, "the replica works without Redis");

    public async ValueTask DisposeAsync()
    {
        Slices.Dispose();
        await Redis.DisposeAsync();
    }

    private sealed class LogRecorder<T>(ConcurrentQueue<(LogLevel Level, int Id)> events) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            events.Enqueue((logLevel, eventId.Id));
    }
}
