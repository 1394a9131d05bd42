using System.CommandLine;
using System.CommandLine.Help;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Commands;

/// <summary>Runs a command, or prints its usage.</summary>
internal static class CommandInvocation
{
    /// <summary>The exit code if the arguments are invalid or only help was requested. A script must not mistake either case for success.</summary>
    public const int UsageError = 2;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(this Command command, IReadOnlyList<string> args, TextWriter error)
    {
        command.Add(new HelpOption());
        // Response files are disabled, because a value can begin with @.
        var parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // System.CommandLine handles neither exceptions nor signals. Startup.ExplainAsync reports exceptions of commands that read settings.
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = error,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
        return parsed.Action == parsed.CommandResult.Command.Action && parsed.Action is not null ? exitCode : UsageError;
    }

    /// <summary>Creates an argument for settings of the service, in a form that the command line of the service accepts too.</summary>
    public static Argument<string[]> SettingsArgument(string description)
    {
        var settings = new Argument<string[]>("settings") { Arity = ArgumentArity.ZeroOrMore, Description = description };
        settings.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !IsSetting(token.Value)))
            {
                result.AddError($"'{LogSanitizer.Of(token.Value)}' is neither an option nor a setting. Give settings as --Section:Key=value.");
            }
        });
        return settings;
    }

    /// <summary>
    /// Returns whether the argument is a setting, with key and value in one argument. A key alone is not accepted, because the next argument might not be its
    /// value.
    /// </summary>
    public static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Split('=', 2) is [var key, _] && (key.Contains(':', StringComparison.Ordinal) || key == "--environment");
}
