using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// Rejects a misspelled command, which would otherwise start the service, and handles <c>--help</c>. Any other first argument that begins with a dash or a
/// slash, or that contains an equals sign, is a setting.
/// </summary>
internal static class UsageCommand
{
    private static readonly string[] HelpOptions = ["--help", "-h", "-?", "help"];

    private static readonly string[] Names = [DoctorCommand.Name, HealthCommand.Name, KeysCommand.Name, McpCommand.Name, ReconcileCommand.Name];

    public static bool Handles(string word) => HelpOptions.Contains(word) || !(word.StartsWith('-') || word.StartsWith('/') || word.Contains('=', StringComparison.Ordinal));

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string word, TextWriter error)
    {
        if (!HelpOptions.Contains(word))
        {
            var hint = DidYouMean.To(word, Names) is { } name ? $" Did you mean '{name}'?" : "";
            await error.WriteLineAsync($"'{InputExcerpt.Of(word)}' is not a command.{hint}");
        }

        await error.WriteLineAsync(
            $"""
            Without a command, this program starts the service. You can add settings, such as --urls http://localhost:5081.
              {DoctorCommand.Name}    checks settings, network, Genesys and Redis
              {HealthCommand.Name}    checks whether a running service is ready
              {KeysCommand.Name} new  creates an API key
              {McpCommand.Name}       connects an assistant on this machine (Model Context Protocol)
              {ReconcileCommand.Name} compares an export from the Genesys UI with the figures of this service
            Add --help to a command for its options.
            """);
        return CommandInvocation.UsageError;
    }
}
