using System.Collections.Immutable;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>
/// A server with the Redis protocol for one test, on a free local port. <see cref="EachRedisAttribute"/> runs a test on each
/// available program.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    /// <summary>Microsoft.Garnet, in this process: always available.</summary>
    public const string Garnet = "Garnet";

    /// <summary>The program on this machine, if it is installed.</summary>
    public const string Redis = "redis-server";

    private readonly IRedisProgram _program;

    private RedisServer(IRedisProgram program) => _program = program;

    /// <summary>
    /// The servers that the tests run on: redis-server where it is installed, otherwise Garnet; both with the environment variable <c>TEST_REDIS=all</c>.
    /// </summary>
    public static ImmutableArray<string> Software { get; } =
        !RedisProcess.IsInstalled ? [Garnet] : Environment.GetEnvironmentVariable("TEST_REDIS") == "all" ? [Garnet, Redis] : [Redis];

    public string ConnectionString => $"127.0.0.1:{_program.Port}";

    /// <param name="freezes">The test freezes the server, which requires a relay in front of Garnet.</param>
    public static RedisServer Start(string software, bool freezes = false, string? password = null)
    {
        var server = Absent(software, freezes, password);
        server.Restart();
        return server;
    }

    /// <summary>A server whose address is known, but which does not listen yet.</summary>
    public static RedisServer Absent(string software, bool freezes = false, string? password = null) => new(
        software == Redis ? new RedisProcess(FreePort.Take(), password)
        : freezes ? new RelayedRedis(new EmbeddedGarnet(FreePort.Take(), password), FreePort.Take())
        : new EmbeddedGarnet(FreePort.Take(), password));

    /// <summary>Starts redis-server, for features that Garnet lacks. If redis-server is not installed, the test is skipped with the reason.</summary>
    /// <param name="reason">The feature that Garnet lacks: "has no …".</param>
    public static RedisServer StartUnlessGarnetSuffices(string reason)
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, $"redis-server is not installed (apt-get install redis-server), and Garnet {reason}.");
        return Start(Redis);
    }

    public void Restart() => _program.Start();

    /// <summary>Like a killed process: connections break, and all data is lost.</summary>
    public void Stop() => _program.Stop();

    /// <summary>The server still accepts connections but does not respond, like a machine that is swapping.</summary>
    public void Freeze() => _program.Freeze();

    public void Thaw() => _program.Thaw();

    /// <summary>Sets a redis-server configuration parameter at run time.</summary>
    public async Task SetAsync(string parameter, string value)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await admin.GetDatabase().ExecuteAsync("CONFIG", "SET", parameter, value);
    }

    public void Dispose() => _program.Dispose();
}
