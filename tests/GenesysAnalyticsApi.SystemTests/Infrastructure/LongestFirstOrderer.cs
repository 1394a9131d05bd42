using GenesysAnalyticsApi.SystemTests.Chaos;
using GenesysAnalyticsApi.SystemTests.Fuzzing;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Xunit.Sdk;
using Xunit.v3;
[assembly: TestCollectionOrderer(typeof(LongestFirstOrderer))]

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// The tests of a class run one after the other, so slow classes start first: otherwise, one would run alone at the end. The order of
/// the others still depends only on the seed of the run.
/// </summary>
public sealed class LongestFirstOrderer : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(ChaosTests), nameof(FuzzTests), nameof(KillTests), nameof(StoppingTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is >= 0 and var place ? place : Long.Length)];
}
