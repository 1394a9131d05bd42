using StackExchange.Redis;

namespace GenesysAnalyticsApi.Sharing;

internal interface IRedisConnection
{
    /// <summary>Null while Redis is not configured or cannot be reached.</summary>
    IDatabase? Database { get; }
}
