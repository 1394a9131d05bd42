namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>A server with the Redis protocol that tests can start, stop and freeze.</summary>
internal interface IRedisProgram : IDisposable
{
    /// <summary>The port for clients.</summary>
    int Port { get; }

    void Start();

    void Stop();

    void Freeze();

    void Thaw();
}
