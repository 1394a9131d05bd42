using System.Collections.Immutable;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>
/// A server of the test's own that speaks Redis' protocol, on a free port of this machine. <see cref="EachRedisAttribute"/> says which
/// programs there are here.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    /// <summary>Microsoft.Garnet, in this process: always there.</summary>
    public const string Garnet = "Garnet";

    /// <summary>Of the system: where it is installed.</summary>
    public const string Redis = "redis-server";

    private readonly IRedisProgram _program;

    private RedisServer(IRedisProgram program) => _program = program;

    /// <summary>What the tests are run on: Garnet everywhere, and redis-server where it is installed.</summary>
    public static ImmutableArray<string> Software { get; } = RedisProcess.IsInstalled ? [Garnet, Redis] : [Garnet];

    public string ConnectionString => $"127.0.0.1:{_program.Port}";

    /// <param name="freezes">The test freezes it, which costs Garnet a relay between it and its clients.</param>
    public static RedisServer Start(string software, bool freezes = false, string? password = null)
    {
        var server = Absent(software, freezes, password);
        server.StartAgain();
        return server;
    }

    /// <summary>Its address is known, and it does not listen yet.</summary>
    public static RedisServer Absent(string software, bool freezes = false, string? password = null) => new(
        software == Redis ? new RedisProcess(FreePort.Take(), password)
        : freezes ? new RelayedRedis(new EmbeddedGarnet(FreePort.Take(), password), FreePort.Take())
        : new EmbeddedGarnet(FreePort.Take(), password));

    /// <summary>For what Garnet does not have. The test is skipped where redis-server is not installed, and says why it needs it.</summary>
    /// <param name="lacking">What Garnet lacks: "has no …".</param>
    public static RedisServer StartWithWhatGarnetLacks(string lacking)
    {
        Assert.SkipUnless(RedisProcess.IsInstalled, $"redis-server is not installed (apt-get install redis-server), and Garnet {lacking}.");
        return Start(Redis);
    }

    public void StartAgain() => _program.Start();

    /// <summary>As a process that is killed: connections break, and it forgets all it had.</summary>
    public void Stop() => _program.Stop();

    /// <summary>From now on it accepts connections and answers nothing, as a machine does that swaps.</summary>
    public void Freeze() => _program.Freeze();

    public void Thaw() => _program.Thaw();

    /// <summary>Sets what the configuration of redis-server calls so, while it runs.</summary>
    public async Task SetAsync(string parameter, string value)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await admin.GetDatabase().ExecuteAsync("CONFIG", "SET", parameter, value);
    }

    public void Dispose() => _program.Dispose();
}
