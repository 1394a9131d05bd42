using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.CommandLine;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>Starts the service. If the service cannot start, prints the reason to standard error, without a stack trace.</summary>
internal static class Startup
{
    private const string NoStart = "GenesysAnalyticsApi does not start: ";
    private const string SettingsHint = "docs/configuration.md explains every setting.";

    /// <summary>Prints the invalid settings.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(IReadOnlyList<string> faults)
    {
        await Console.Error.WriteLineAsync(Message(faults));
        return 1;
    }

    /// <summary>
    /// Runs code that reads settings. If the code throws an exception, prints the reason, such as an invalid JSON file or a missing certificate.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ExplainAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception failure) when (failure is not HostAbortedException)
        {
            await Console.Error.WriteLineAsync(NoStart + Reason(failure));
            return 1;
        }
    }

    /// <summary>Starts the service and waits for a stop signal.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunUntilShutdownAsync(this WebApplication app)
    {
        await using var disposedApp = app;
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The stop signal arrived before the service had started.
            return 0;
        }

        try
        {
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The host has logged the exception. The service had started, so the message for a failed startup does not apply.
            await Console.Error.WriteLineAsync($"GenesysAnalyticsApi stopped because of an error: {Chain(failure)}");
            return 1;
        }
    }

    private static string Reason(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => $"{failure.Message} Give another address, such as --urls http://localhost:5081.",
        // The command line is parsed before the settings are validated, so the validation does not report this error.
        FormatException { TargetSite.DeclaringType.Name: nameof(CommandLineConfigurationProvider) } => $"{Chain(failure)} Give settings as --Genesys:Region=eu-west-1.",
        _ => $"{Chain(failure)} {SettingsHint}",
    };

    /// <summary>
    /// Joins the distinct messages of the exception and its causes in one line, outermost first. The outermost message often names the file, and the innermost
    /// message the place in the file.
    /// </summary>
    private static string Chain(Exception failure)
    {
        var causes = new List<string>();
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            var text = string.Join(' ', cause.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (!causes.Exists(known => known.Contains(text, StringComparison.Ordinal)))
            {
                causes.Add(text.TrimEnd('.') + ".");
            }
        }

        return LogSanitizer.Of(SecretRedactor.Redact(string.Join(' ', causes)));
    }

    private static string Message(IReadOnlyList<string> faults) => string.Join(
        '\n',
        [$"{NoStart}{(faults.Count == 1 ? "a setting is" : $"{faults.Count} settings are")} invalid.", .. faults.Select(fault => $"  - {fault}"), SettingsHint]);
}
