namespace GenesysAnalyticsApi.Tests;

public sealed class SkeletonTests
{
    [Fact]
    public void Builds() => true.ShouldBeTrue();
}
