using StackExchange.Redis;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>What replicas share, when they do.</summary>
internal interface IRedisConnection
{
    /// <summary>Null while Redis is not configured, not reachable, or so slow that nobody should wait for it.</summary>
    IDatabase? Database { get; }
}
