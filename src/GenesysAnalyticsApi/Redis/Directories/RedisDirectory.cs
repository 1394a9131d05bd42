using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Redis.Connection;

namespace GenesysAnalyticsApi.Redis.Directories;

/// <summary>The form in which an entry of a directory is stored in Redis.</summary>
internal interface IDirectoryCacheEntry<out TSelf, TEntry>
    where TSelf : IDirectoryCacheEntry<TSelf, TEntry>
{
    /// <summary>The version of the stored form. Values of other versions are ignored.</summary>
    static abstract byte Version { get; }

    /// <summary>The noun for an entry in messages, with its article.</summary>
    static abstract string Noun { get; }

    string Id { get; }

    static abstract TSelf Pack(TEntry entry, SharedTime time);

    /// <returns>What is invalid; null for an entry that a replica could have written.</returns>
    string? Validate();

    /// <param name="readAt">When the listing was read. No entry can have been seen later.</param>
    TEntry Unpack(SharedTime time, Instant readAt);
}

/// <summary>Shares the listing of a directory through Redis.</summary>
/// <param name="kind">The name of the listing in keys, log events and telemetry.</param>
internal sealed class RedisDirectory<TEntry, TPacked>(string kind, RedisConnection redis, RedisKeys keys, SharedTime time, TimeProvider clock) : ISharedDirectory<TEntry>
    where TEntry : class, IDirectoryEntry
    where TPacked : class, IDirectoryCacheEntry<TPacked, TEntry>
{
    /// <summary>Enough for half a million queues of about 200 bytes each.</summary>
    private const int MaxBytes = 128 * 1024 * 1024;

    // Longer than any likely outage. After a restart of all replicas, only the shared listing contains the names of deleted entries, because Genesys no longer
    // lists these entries.
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    // Longer than it takes to read many pages. A replica that has waited this long reads the listing without the lock.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private string Key => keys.Of(kind);

    public async Task<SharedListing<TEntry>?> LoadAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        var bytes = await redis.GetBytesAsync(Key, MaxBytes, kind, cancellationToken);
        if (!VersionedPayload.HasVersion(TPacked.Version, bytes))
        {
            return null;
        }

        var shared = VersionedPayload.Read<TPacked?[]>(TPacked.Version, bytes);
        var fault = shared is null ? "unreadable" : Validate(shared.Value.Body);
        if (fault is null && time.FromShared(shared!.Value.Stamp) is { } readAt)
        {
            return new(readAt, [.. shared.Value.Body.Select(entry => entry!.Unpack(time, readAt))]);
        }

        await redis.DeleteInvalidAsync(Key, kind, fault ?? "dated in the future");
        return null;
    }

    public async Task SaveAsync(SharedListing<TEntry> listing, CancellationToken cancellationToken)
    {
        // A replica that read slowly must not replace a newer listing with an older one.
        if (await redis.GetStampAsync(Key, TPacked.Version, cancellationToken) is { } stamp && time.FromShared(stamp) > listing.ReadAt)
        {
            return;
        }

        var bytes = VersionedPayload.Write(TPacked.Version, time.ToShared(listing.ReadAt), listing.Entries.Select(entry => TPacked.Pack(entry, time)).ToArray());
        await redis.ExecuteAsync(database => database.StringSetAsync(Key, bytes, Life), fallback: false, cancellationToken);
    }

    public async Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += PollInterval)
        {
            var turn = await RedisLock.TryTakeAsync(redis, keys.Of($"{kind}-turn"), RedisLock.Life, clock, note: "", cancellationToken);
            if (turn is not null || waited >= MaxWait)
            {
                return turn;
            }

            await Task.Delay(PollInterval, clock, cancellationToken);
        }
    }

    private static string? Validate(TPacked?[] entries)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return entries.Select(Fault).FirstOrDefault(fault => fault is not null);

        string? Fault(TPacked? entry) =>
            entry is null ? $"{TPacked.Noun} is missing"
            : entry.Validate() ?? (ids.Add(GenesysId.Canonical(entry.Id)) ? null : $"{TPacked.Noun} is duplicated");
    }
}

internal static class RedisDirectories
{
    public static IServiceCollection AddRedisDirectories(this IServiceCollection services) => services
        .AddSingleton<ISharedDirectory<QueueEntry>>(provider => provider.Create<QueueEntry, QueueCacheEntry>("directory"))
        .AddKeyedSingleton<ISharedDirectory<NamedEntry>>(UserDirectory.Listing, (provider, _) => provider.Create<NamedEntry, NameCacheEntry>(UserDirectory.Listing))
        .AddKeyedSingleton<ISharedDirectory<NamedEntry>>(WrapUpCodeDirectory.Listing, (provider, _) => provider.Create<NamedEntry, NameCacheEntry>(WrapUpCodeDirectory.Listing));

    private static RedisDirectory<TEntry, TPacked> Create<TEntry, TPacked>(this IServiceProvider provider, string kind)
        where TEntry : class, IDirectoryEntry
        where TPacked : class, IDirectoryCacheEntry<TPacked, TEntry> => ActivatorUtilities.CreateInstance<RedisDirectory<TEntry, TPacked>>(provider, kind);
}
