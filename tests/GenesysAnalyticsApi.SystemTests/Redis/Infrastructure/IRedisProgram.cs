namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>The operations of the tests on a server with the Redis protocol.</summary>
internal interface IRedisProgram : IDisposable
{
    /// <summary>The port for clients.</summary>
    int Port { get; }

    void Start();

    void Stop();

    void Freeze();

    void Thaw();
}
