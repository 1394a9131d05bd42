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
    public async Task The_printed_settings_accept_the_key()
    {
        var (exitCode, output, error) = await RunAsync(
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
        using var response = await client.GetAsync(new Uri("/queues?wrong=1", UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, "the key is accepted, the query is invalid");
    }

    [Fact]
    public async Task A_key_is_random_and_its_settings_contain_only_the_hash()
    {
        var (_, output, _) = await RunAsync("new", "--name", "a");

        var key = Key().Matches(output).ShouldHaveSingleItem().Value;
        output.ShouldContain($"Sha256={ApiKeyAuthenticator.HashOf(key)}");
        Key().Match((await RunAsync("new", "--name", "a")).Output).Value.ShouldNotBe(key);
    }

    [Theory]
    [InlineData("new", "Option '--name' is required.")]
    [InlineData("new --name", "Required argument missing for option: '--name'.")]
    [InlineData("new --name a --name b", "Option '--name' expects a single argument but 2 were provided.")]
    [InlineData("new --name a --scope write", "--scope 'write' is not a scope. Use one of read, details, agents, operator.\n")]
    [InlineData("new --name a --division Sales", "--division 'Sales' is not the id of a division (a GUID).")]
    [InlineData("new --name a --queues Bill*", "'--queues' was not matched. Did you mean one of the following?\n--queue\n")]
    [InlineData("new --name a --requests-per-minute 0", "--requests-per-minute '0' is not a whole number above 0.")]
    [InlineData("new --name a --expires tomorrow", "--expires 'tomorrow' is not an instant. Give date, time and offset, such as 2027-01-31T00:00:00Z.")]
    public async Task Invalid_arguments_create_no_key(string words, string expected)
    {
        var (exitCode, output, error) = await RunAsync(words.Split(' '));

        exitCode.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldStartWith(expected);
        error.ShouldContain("Usage:\n  keys new [options]");
    }

    [Fact]
    public async Task A_value_cannot_inject_another_setting() =>
        (await RunAsync("new", "--name", "a\nAuth__AllowAnonymous=true")).Error.ShouldStartWith(@"--name 'a\u000aAuth__AllowAnonymous=true' is empty or contains control characters.");

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await KeysCommand.RunAsync(words, output, error), output.ToString(), error.ToString());
    }

    [GeneratedRegex("gaa_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
