using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Tests.Text;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("Billing", "billing", true)]
    [InlineData("Billing", "Billing EMEA", false)]
    [InlineData("*", "", true)]
    [InlineData("Bill*", "BILLING", true)]
    [InlineData("*emea", "Billing EMEA", true)]
    [InlineData("b*e*a", "Billing EMEA", true)]
    [InlineData("b**a", "Billing EMEA", true)]
    [InlineData("a*a", "a", false)] // one character cannot match both ends
    [InlineData("*ab*ab*", "xaby", false)] // a piece matches once
    [InlineData("*ab*ab*", "xabyab", true)]
    [InlineData("Wh?", "Why", false)] // a question mark matches itself
    [InlineData("Wh?*", "Wh? Where?", true)]
    [InlineData("a.c", "abc", false)]
    public void An_asterisk_matches_any_characters_and_every_other_character_itself(string pattern, string name, bool fits) =>
        new NamePattern(pattern).Matches(name).ShouldBe(fits);
}
