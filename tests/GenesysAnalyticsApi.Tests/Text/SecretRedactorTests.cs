using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Tests.Text;

public sealed class SecretRedactorTests
{
    [Theory]
    [InlineData("/aggregates?api_key=gaa_abc-DEF_123&last=PT1H", "/aggregates?api_key=***&last=PT1H")]
    [InlineData("/aggregates?last=PT1H&token=abc", "/aggregates?last=PT1H&token=***")]
    [InlineData("?access_token=a%20b&X-Api-Key=c", "?access_token=***&X-Api-Key=***")]
    [InlineData("?client_secret=s=t&PASSWORD=p", "?client_secret=***&PASSWORD=***")]
    [InlineData("?api%5Fkey=abc", "?api%5Fkey=***")]
    // Keys and tokens are recognized by their form, wherever they occur.
    [InlineData("/queues/gaa_abcdef", "/queues/gaa_***")]
    [InlineData("?queueId=gaa_abcdef,gaa_ghijkl&gaa_mnopqr", "?queueId=gaa_***,gaa_***&gaa_***")]
    [InlineData("?queue=eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln&last=PT1H", "?queue=eyJ***&last=PT1H")]
    [InlineData("Invalid: Bearer abcdefghijklmnop0123", "Invalid: Bearer ***")]
    [InlineData("Start POST https://me:planted@proxy/oauth/token", "Start POST https://***@proxy/oauth/token")]
    // No secrets.
    [InlineData("/aggregates?queue=Key%20accounts&last=PT1H", "/aggregates?queue=Key%20accounts&last=PT1H")]
    [InlineData("/aggregates?queue=a&last=PT1H&timeZone=Europe/Berlin", "/aggregates?queue=a&last=PT1H&timeZone=Europe/Berlin")]
    [InlineData("A bearer of news", "A bearer of news")]
    [InlineData("https://elsewhere/a@b", "https://elsewhere/a@b")]
    public void Keys_tokens_and_values_named_like_secrets_are_masked(string text, string expected)
    {
        SecretRedactor.Redact(text).ShouldBe(expected);
    }

    [Fact]
    public void Text_without_secrets_is_returned_unchanged()
    {
        const string Text = "/aggregates?last=PT1H&queueId=05f1c285-6777-4ccc-806f-8db085ae0793";

        SecretRedactor.Redact(Text).ShouldBeSameAs(Text);
    }

    [Fact]
    public void An_excerpt_contains_no_key_whole_or_truncated()
    {
        InputExcerpt.Of("gaa_abcdef").ShouldBe("gaa_***");
        InputExcerpt.Of(new string('x', 90) + "gaa_abcdefghijkl").ShouldBe(new string('x', 90) + "gaa_***…");
    }
}
