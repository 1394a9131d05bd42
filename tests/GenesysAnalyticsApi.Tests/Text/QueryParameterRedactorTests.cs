using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Tests.Text;

public sealed class QueryParameterRedactorTests
{
    [Theory]
    [InlineData("/aggregates?user=Jane%20Doe&last=PT1H", "/aggregates?user=***&last=PT1H")]
    [InlineData("/aggregates?last=PT1H&User=Jane", "/aggregates?last=PT1H&User=***")]
    [InlineData("/users?NAME=Jane*&limit=5", "/users?NAME=***&limit=5")]
    [InlineData("/users?%6eAm%45=Jane", "/users?%6eAm%45=***")]
    [InlineData("/users?%55ser=Jane&%63URSO%52=abc", "/users?%55ser=***&%63URSO%52=***")]
    [InlineData("/aggregates?userId=e0000000-0000-4000-8000-000000000001&queue=Billing", "/aggregates?userId=e0000000-0000-4000-8000-000000000001&queue=Billing")]
    [InlineData("/users", "/users")]
    public void Names_of_people_are_removed_whatever_the_letter_case_of_the_parameter(string text, string expected) => QueryParameterRedactor.Redact(text).ShouldBe(expected);
}
