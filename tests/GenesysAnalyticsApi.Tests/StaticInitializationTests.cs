using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests;

/// <summary>
/// If the static fields of two types need each other, the order of their initialization depends on which thread comes first. If two threads start with
/// different types, one of them reads a field that is still null, and a request fails that would otherwise succeed.
/// </summary>
public sealed class StaticInitializationTests
{
    [Fact]
    public void No_two_types_need_each_other_to_initialize_their_static_fields() =>
        StaticInitializers.Cycles(typeof(Program).Assembly.Location)
            .Select(cycle => string.Join(" and ", cycle))
            .ShouldBeEmpty("Move a static field of one of these types to a separate type.");

    [Fact]
    public void Two_types_that_need_each_other_are_found() =>
        StaticInitializers.Cycles(typeof(StaticInitializationTests).Assembly.Location)
            .Select(cycle => cycle.Select(name => name[(name.LastIndexOf('/') + 1)..]))
            .ShouldContain(cycle => cycle.SequenceEqual(new[] { nameof(First), nameof(Second) }));

    private static class First
    {
        public static readonly string[] All = [.. Second.Some.Select(name => name + name)];
    }

    private static class Second
    {
        public static string[] Some { get; } = Read();

        private static string[] Read() => First.All is null ? ["a"] : ["b"];
    }
}
