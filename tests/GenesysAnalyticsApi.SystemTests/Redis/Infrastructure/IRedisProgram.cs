namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>What the tests do to a server of Redis' protocol, whichever it is.</summary>
internal interface IRedisProgram : IDisposable
{
    /// <summary>On which clients reach it.</summary>
    int Port { get; }

    void Start();

    void Stop();

    void Freeze();

    void Thaw();
}
