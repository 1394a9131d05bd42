using GenesysAnalyticsApi.Commands;

namespace GenesysAnalyticsApi.SystemTests.Commands;

/// <summary>The options of <c>mcp</c>. <c>tests/mcp</c> runs the command with the official clients.</summary>
public sealed class McpCommandTests
{
    [Theory]
    [InlineData("localhost", "--url 'localhost' is not an http or https address. Give one such as http://localhost:5080.\n")]
    [InlineData("ftp://localhost", "--url 'ftp://localhost' is not an http or https address. Give one such as http://localhost:5080.\n")]
    [InlineData("", "--url '' is not an http or https address. Give one such as http://localhost:5080.\n")]
    public async Task An_invalid_address_is_reported_with_the_option_and_what_is_accepted(string address, string expected)
    {
        await using var error = new StringWriter();

        var exitCode = await McpCommand.RunAsync(["--url", address], _ => throw new InvalidOperationException("The command must not run."), error);

        exitCode.ShouldBe(CommandInvocation.UsageError);
        error.ToString().ShouldStartWith(expected);
        error.ToString().ShouldContain("Usage:\n  mcp ");
    }
}
