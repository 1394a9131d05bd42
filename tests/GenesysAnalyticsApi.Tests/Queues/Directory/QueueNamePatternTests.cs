using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Tests.Queues.Directory;

public sealed class QueueNamePatternTests
{
    [Theory]
    [InlineData("Billing", "billing", true)]
    [InlineData("Billing", "Billing EMEA", false)]
    [InlineData("*", "", true)]
    [InlineData("Bill*", "BILLING", true)]
    [InlineData("*emea", "Billing EMEA", true)]
    [InlineData("b*e*a", "Billing EMEA", true)]
    [InlineData("b**a", "Billing EMEA", true)]
    [InlineData("a*a", "a", false)] // one letter is not both ends
    [InlineData("*ab*ab*", "xaby", false)] // a piece is used once
    [InlineData("*ab*ab*", "xabyab", true)]
    [InlineData("Wh?", "Why", false)] // a question mark is a question mark
    [InlineData("Wh?*", "Wh? Where?", true)]
    [InlineData("a.c", "abc", false)]
    public void A_star_stands_for_any_letters_and_all_else_for_itself(string pattern, string name, bool fits) =>
        new QueueNamePattern(pattern).Matches(name).ShouldBe(fits);
}
