using System.Net;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Commands;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Commands;

public sealed partial class KeysCommandTests
{
    [Fact]
    public async Task The_settings_that_are_printed_let_the_key_in()
    {
        var (exitCode, output, error) = Run(
            "new", "--name", "Wall board", "--scope", "read", "--scope", "operator", "--queue", "Bill*", "--queue", "05f1c285-6777-4ccc-806f-8db085ae0793",
            "--division", "2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11", "--requests-per-minute", "60", "--expires", "2027-01-31T00:00:00Z");
        var file = Path.Combine(Directory.CreateTempSubdirectory("genesys-analytics-").FullName, ".env");
        await File.WriteAllTextAsync(file, string.Join('\n', output.Split('\n').Where(line => line.StartsWith("Auth__", StringComparison.Ordinal))), TestContext.Current.CancellationToken);
        var settings = SettingsSources.FromDotEnv(file);
        File.Delete(file);

        (exitCode, error).ShouldBe((0, ""));
        settings.Count.ShouldBe(9);
        using var service = new RunningService { Settings = settings.ToDictionary(setting => setting.Key, setting => setting.Value!) };
        using var client = service.CreateClient();
        client.DefaultRequestHeaders.Add(ApiKeyAuthenticator.Header, Key().Match(output).Value);
        using var answer = await client.GetAsync(new Uri("/queues?wrong=1", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, "the key is let in, the question is wrong");
    }

    [Fact]
    public void A_key_is_made_once_and_its_settings_do_not_have_it()
    {
        var (_, output, _) = Run("new", "--name", "a");

        var key = Key().Matches(output).ShouldHaveSingleItem().Value;
        output.ShouldContain($"Sha256={ApiKeyAuthenticator.HashOf(key)}");
        Key().Match(Run("new", "--name", "a").Output).Value.ShouldNotBe(key);
    }

    [Theory]
    [InlineData("new", "--name is missing: it is how the log calls the holder of the key.")]
    [InlineData("new --name", "--name needs a value.")]
    [InlineData("new --name a --name b", "--name is given more than once.")]
    [InlineData("new --name a --scope write", "--scope 'write' is none of read, details, operator.")]
    [InlineData("new --name a --division Sales", "--division 'Sales' is not a division's id (a GUID).")]
    [InlineData("new --name a --queues Bill*", "'--queues' is not an option here.")]
    [InlineData("new --name a --requests-per-minute 0", "--requests-per-minute '0' is not a whole number above 0.")]
    [InlineData("new --name a --expires tomorrow", "--expires 'tomorrow' is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.")]
    public void Words_that_make_no_sense_make_no_key(string words, string expected)
    {
        var (exitCode, output, error) = Run(words.Split(' '));

        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldStartWith(expected);
        error.ShouldContain("Usage: keys new --name");
    }

    [Fact]
    public void A_value_cannot_add_a_setting_of_its_own() =>
        Run("new", "--name", "a\nAuth__AllowAnonymous=true").Error.ShouldStartWith("--name is empty, or has control characters.");

    private static (int ExitCode, string Output, string Error) Run(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (KeysCommand.Run(words, output, error), output.ToString(), error.ToString());
    }

    [GeneratedRegex("gaa_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
