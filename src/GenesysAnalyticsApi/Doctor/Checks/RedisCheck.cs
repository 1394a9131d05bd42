using System.Diagnostics;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.Text;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether replicas can share data, and whether a full Redis evicts old keys instead of rejecting writes.</summary>
/// <param name="redis">Null if Redis is not configured.</param>
internal sealed class RedisCheck(IOptions<CacheStorageOptions> options, RedisConnection? redis = null, RedisKeys? keys = null)
    : DiagnosticCheck(DiagnosticNames.Redis, "The Redis check", 5)
{
    private const string EvictionRemedy = "In redis.conf, set maxmemory to a limit (such as 512mb) and maxmemory-policy to allkeys-lru.";

    // INFO is called in a script, because StackExchange.Redis sends the INFO command itself only with allowAdmin.
    private const string Info = "return redis.call('INFO')";

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        if (redis is null)
        {
            return CheckOutcome.Skipped("Not checked: Cache:Redis is not set, so each replica works alone.");
        }

        await redis.WaitForStartAsync(cancellationToken);
        try
        {
            return redis.Database is { } database ? await CheckServerAsync(database, cancellationToken) : Unavailable(await redis.DiagnoseAsync(cancellationToken));
        }
        catch (Exception failed) when (failed is RedisException or RedisCommandException or TimeoutException)
        {
            return CheckOutcome.Failed($"Redis at {Address} rejects a command ({failed.GetType().Name}: {LogSanitizer.Of(failed.Message)}).", "Allow the user in Cache:Redis to run the commands that the service needs: PING, INFO, PUBSUB, EVAL, and reading, writing and publishing below genesys-analytics:*.");
        }
    }

    private async Task<CheckOutcome> CheckServerAsync(IDatabase database, CancellationToken cancellationToken)
    {
        // The network latency is measured in real time, not with the injected clock.
        var started = Stopwatch.GetTimestamp();
        await database.PingAsync().ObserveFault().WaitAsync(cancellationToken);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var serverInfo = InfoOf(await database.ScriptEvaluateAsync(Info).ObserveFault().WaitAsync(cancellationToken));
        var replicas = await CountReplicasAsync(database).ObserveFault().WaitAsync(cancellationToken);
        var policy = serverInfo.GetValueOrDefault("maxmemory_policy", "");
        var (server, version) = ServerOf(serverInfo);
        var text = string.Create(CultureInfo.InvariantCulture, $"{server} {version} at {Address} responds in {milliseconds:0.0} ms; {replicas} {(replicas == 1 ? "replica uses" : "replicas use")} it.");
        return (policy == "noeviction" ? NoEviction(text, serverInfo.GetValueOrDefault("maxmemory")) : CheckOutcome.Ok(text)) with
        {
            Details = new Dictionary<string, string>
            {
                ["version"] = version,
                ["maxmemory"] = serverInfo.GetValueOrDefault("maxmemory_human", ""),
                ["maxmemoryPolicy"] = policy,
                ["usedMemory"] = serverInfo.GetValueOrDefault("used_memory_human", ""),
                ["replicas"] = replicas.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    /// <summary>Returns the server's own name and version. Valkey and Garnet also report the version of Redis with which they are compatible.</summary>
    private static (string Name, string Version) ServerOf(Dictionary<string, string> serverInfo) =>
        serverInfo.TryGetValue("garnet_version", out var garnet) ? ("Garnet", garnet)
        : serverInfo.TryGetValue("valkey_version", out var valkey) ? ("Valkey", valkey)
        : ("Redis", serverInfo.GetValueOrDefault("redis_version", "?"));

    private static CheckOutcome NoEviction(string text, string? maxMemory) => CheckOutcome.Warning(
        maxMemory is null or "0"
            ? $"{text} Its memory has no limit (maxmemory 0, maxmemory-policy noeviction): it grows until the machine runs out of memory."
            : $"{text} When its memory is full, it rejects writes (maxmemory-policy noeviction).",
        EvictionRemedy);

    private CheckOutcome Unavailable(ConnectionFailureType? failure) => failure switch
    {
        null => CheckOutcome.Failed(
            $"Redis at {Address} accepts connections, but the service does not use it ({redis!.Reason}).", "If this persists, check its load, its slow log and the network in between."),
        ConnectionFailureType.AuthenticationFailure => CheckOutcome.Failed($"Redis at {Address} rejects the password or user of Cache:Redis.", "Set password=… (and user=…) in Cache:Redis to those of Redis (requirepass, ACL)."),
        _ => CheckOutcome.Failed(
            $"Redis at {Address} cannot be reached ({failure}). Until it can, each replica works alone.",
            "Check host and port in Cache:Redis, that Redis runs, and that this machine may connect to it; set ssl=true if it uses TLS."),
    };

    /// <summary>Counts the replicas that subscribe to the backplane. This process is not necessarily one of these replicas.</summary>
    private async Task<long> CountReplicasAsync(IDatabase database)
    {
        var channels = (string?[]?)await database.ExecuteAsync("PUBSUB", "CHANNELS", $"{keys!.Of("news")}*") ?? [];
        return channels is [{ } channel, ..] ? (long)(await database.ExecuteAsync("PUBSUB", "NUMSUB", channel))[1] : 0;
    }

    private static Dictionary<string, string> InfoOf(RedisResult info) => info.ToString()
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2))
        .Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
        .ToDictionary(pair => pair.Key, pair => pair.First(), StringComparer.Ordinal);

    // Only the endpoints are shown, because the setting can also contain the password.
    private string Address => string.Join(", ", ConfigurationOptions.Parse(options.Value.Redis!).EndPoints.Select(EndPointCollection.ToString));
}
