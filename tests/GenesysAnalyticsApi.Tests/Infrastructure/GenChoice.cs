using CsCheck;

namespace GenesysAnalyticsApi.Tests.Infrastructure;

internal static class GenChoice
{
    /// <summary>One of the values, all equally likely.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
