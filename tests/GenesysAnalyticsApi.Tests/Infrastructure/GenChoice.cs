using CsCheck;

namespace GenesysAnalyticsApi.Tests.Infrastructure;

internal static class GenChoice
{
    /// <summary>One of the values, each as likely as the others.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
