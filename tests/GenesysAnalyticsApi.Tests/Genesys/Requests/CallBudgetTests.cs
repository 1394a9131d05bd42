using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Tests.Genesys.Requests;

public sealed class CallBudgetTests
{
    private static readonly GenesysFailure TooLarge = new(GenesysFailureKind.TooLarge, "too large");
    private static readonly GenesysFailure Unavailable = new(GenesysFailureKind.Unavailable, "unavailable");

    [Theory]
    [InlineData("TUT", "TooLarge")]
    [InlineData("UT", "TooLarge")]
    [InlineData("TUUUUUU", "Unavailable")]
    [InlineData("UUU", "Unavailable")]
    public void The_failure_that_caused_most_calls_is_the_cause(string failures, string expected)
    {
        var calls = new CallBudget(1);
        foreach (var failure in failures)
        {
            calls.RecordCause(failure == 'T' ? TooLarge : Unavailable);
        }

        calls.Cause.ShouldNotBeNull().Kind.ToString().ShouldBe(expected);
    }

    [Fact]
    public void Without_a_failure_there_is_no_cause() => new CallBudget(1).Cause.ShouldBeNull();
}
