using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
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
        command.Validators.Add(result => CheckFlags(result, args));
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

    /// <summary>Rejects invalid values of an option. The error contains the name of the option and the value.</summary>
    /// <param name="error">The error after the quoted value, which says what is accepted.</param>
    public static void Require(this Option option, Predicate<string> isValid, string error) => option.Validators.Add(result => AddErrors(result, option.Name, isValid, error));

    /// <inheritdoc cref="Require(Option, Predicate{string}, string)"/>
    public static void Require(this Argument argument, Predicate<string> isValid, string error) => argument.Validators.Add(result => AddErrors(result, argument.Name, isValid, error));

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

    /// <summary>Checks the values of options that are true or false. The parser takes another value for an argument of its own, and the error would not name the option.</summary>
    private static void CheckFlags(CommandResult result, IReadOnlyList<string> args)
    {
        foreach (var flag in result.Command.Options.OfType<Option<bool>>())
        {
            foreach (var value in args.Where(arg => arg.StartsWith($"{flag.Name}=", StringComparison.Ordinal)).Select(arg => arg[(flag.Name.Length + 1)..]).Where(value => !bool.TryParse(value, out _)))
            {
                result.AddError($"{flag.Name} '{LogSanitizer.Of(value)}' is neither true nor false. Give the option without a value, or omit it.");
            }
        }
    }

    private static void AddErrors(SymbolResult result, string name, Predicate<string> isValid, string error)
    {
        foreach (var token in result.Tokens.Where(token => !isValid(token.Value)))
        {
            result.AddError($"{name} '{LogSanitizer.Of(token.Value)}' {error}");
        }
    }

    /// <summary>
    /// Returns whether the argument is a setting, with key and value in one argument. A key alone is not accepted, because the next argument might not be its
    /// value.
    /// </summary>
    public static bool IsSetting(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.Split('=', 2) is [var key, _] && (key.Contains(':', StringComparison.Ordinal) || key == "--environment");
}
