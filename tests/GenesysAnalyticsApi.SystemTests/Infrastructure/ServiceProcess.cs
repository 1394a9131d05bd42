using System.Diagnostics;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>The service, or one of its commands, as a separate process with settings from the environment alone: what an operator sees.</summary>
internal static class ServiceProcess
{
    /// <param name="folder">The working directory, where the service looks for <c>.env</c>.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string folder, Dictionary<string, string?> environment, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GenesysAnalyticsApi.dll"), .. words])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["Auth__AllowAnonymous"] = "true";
        start.Environment["URLS"] = "http://127.0.0.1:0";

        foreach (var (name, value) in environment.Where(variable => variable.Value is not null))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("GENESYS", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("ASPNETCORE", StringComparison.OrdinalIgnoreCase);
}
