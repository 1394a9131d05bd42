using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>Runs a test on each available server with the Redis protocol. The only argument of the test is for <see cref="RedisServer.Start"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EachRedisAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. RedisServer.Software.Select(software => new TheoryDataRow<string>(software))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
