using System.Diagnostics;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Text;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks whether replicas can share data, and whether Redis is configured to evict old entries rather than to reject new ones.</summary>
/// <param name="redis">Null if Redis is not configured.</param>
internal sealed class RedisCheck(IOptions<CacheOptions> options, RedisConnection? redis = null, RedisKeys? keys = null) : IDiagnosticCheck
{
    private const string Forgets = "In redis.conf, set maxmemory to what it may take (such as 512mb) and maxmemory-policy to allkeys-lru.";

    // A script, because the client library treats a direct INFO as an administrator's command and does not send it.
    private const string Info = "return redis.call('INFO')";

    public string Name => DiagnosticNames.Redis;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "Redis";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        if (redis is null)
        {
            return CheckOutcome.Skipped("Not examined: Cache:Redis is not set, so that each replica works by itself.");
        }

        await redis.WaitForStartAsync(cancellationToken);
        try
        {
            return redis.Database is { } database ? await ExamineAsync(database, cancellationToken) : Gone(await redis.DiagnoseAsync(cancellationToken));
        }
        catch (Exception failed) when (failed is RedisException or RedisCommandException or TimeoutException)
        {
            return CheckOutcome.Failed($"Redis at {Address} refuses a command ({failed.GetType().Name}: {LogSanitizer.Of(failed.Message)}).", "Let the user of Cache:Redis run what the service needs: PING, INFO, PUBSUB, EVAL, and reading, writing and publishing below genesys-analytics:*.");
        }
    }

    private async Task<CheckOutcome> ExamineAsync(IDatabase database, CancellationToken cancellationToken)
    {
        // Network latency is real time, whichever clock is injected.
        var started = Stopwatch.GetTimestamp();
        await database.PingAsync().ObserveFault().WaitAsync(cancellationToken);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var about = InfoOf(await database.ScriptEvaluateAsync(Info).ObserveFault().WaitAsync(cancellationToken));
        var replicas = await CountReplicasAsync(database).ObserveFault().WaitAsync(cancellationToken);
        var policy = about.GetValueOrDefault("maxmemory_policy", "");
        var (server, version) = ServerOf(about);
        var text = string.Create(CultureInfo.InvariantCulture, $"{server} {version} at {Address} answers in {milliseconds:0.0} ms; {replicas} {(replicas == 1 ? "replica shares" : "replicas share")} it.");
        return (policy == "noeviction" ? Full(text, about.GetValueOrDefault("maxmemory")) : CheckOutcome.Ok(text)) with
        {
            Details = new Dictionary<string, string>
            {
                ["version"] = version,
                ["maxmemory"] = about.GetValueOrDefault("maxmemory_human", ""),
                ["maxmemoryPolicy"] = policy,
                ["usedMemory"] = about.GetValueOrDefault("used_memory_human", ""),
                ["replicas"] = replicas.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    /// <summary>Valkey and Garnet report both their own version and that of the Redis with which they are compatible.</summary>
    private static (string Name, string Version) ServerOf(Dictionary<string, string> about) =>
        about.TryGetValue("garnet_version", out var garnet) ? ("Garnet", garnet)
        : about.TryGetValue("valkey_version", out var valkey) ? ("Valkey", valkey)
        : ("Redis", about.GetValueOrDefault("redis_version", "?"));

    private static CheckOutcome Full(string text, string? most) => CheckOutcome.Warning(
        most is null or "0"
            ? $"{text} Its memory has no limit (maxmemory 0, maxmemory-policy noeviction): it grows until the machine has none left."
            : $"{text} When its memory is full it refuses everything new (maxmemory-policy noeviction).",
        Forgets);

    private CheckOutcome Gone(ConnectionFailureType? failure) => failure switch
    {
        null => CheckOutcome.Failed(
            $"Redis at {Address} can be connected to, and is left alone ({redis!.Reason}).", "If that stays so, look at its load, its slow log and the network between."),
        ConnectionFailureType.AuthenticationFailure => CheckOutcome.Failed($"Redis at {Address} refuses the password or user of Cache:Redis.", "Give password=… (and user=…) in Cache:Redis as Redis has them (requirepass, ACL)."),
        _ => CheckOutcome.Failed(
            $"Redis at {Address} cannot be reached ({failure}). Each replica works by itself until then.",
            "Check host and port in Cache:Redis, that Redis runs, and that this machine may connect to it; ssl=true where it speaks TLS."),
    };

    /// <summary>Counts subscribers: every replica that has served a query subscribes to the news of the others. This process may not be among them.</summary>
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

    // Without the password, which the same setting contains.
    private string Address => string.Join(", ", ConfigurationOptions.Parse(options.Value.Redis!).EndPoints.Select(EndPointCollection.ToString));
}
