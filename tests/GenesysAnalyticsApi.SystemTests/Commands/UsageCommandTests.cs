using GenesysAnalyticsApi.Commands;

namespace GenesysAnalyticsApi.SystemTests.Commands;

public sealed class UsageCommandTests
{
    [Theory]
    [InlineData("docter", "'docter' is not a command. Did you mean 'doctor'?")]
    [InlineData("serve", "'serve' is not a command.")]
    [InlineData("--help", "Without a command, this program starts the service")]
    public async Task A_misspelled_command_does_not_start_the_service(string word, string expected)
    {
        using var error = new StringWriter();

        UsageCommand.Handles(word).ShouldBeTrue();
        (await UsageCommand.RunAsync(word, error)).ShouldBe(2);

        error.ToString().ShouldStartWith(expected);
        error.ToString().ShouldContain("keys new");
    }

    [Theory]
    [InlineData("--urls")]
    [InlineData("Genesys:Region=eu-west-1")]
    [InlineData("/Genesys:Region=eu-west-1")]
    public void A_setting_is_not_a_command(string word) => UsageCommand.Handles(word).ShouldBeFalse();
}
