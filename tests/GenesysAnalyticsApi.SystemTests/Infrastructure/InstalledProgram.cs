using System.Diagnostics;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>Programs installed on this machine, such as bash and promtool, that read what the service sends.</summary>
internal static class InstalledProgram
{
    /// <returns>Null if it is not installed.</returns>
    public static string? Find(string name) => FindAll(name).FirstOrDefault();

    /// <summary>The path of each installation, in the order of <c>PATH</c>.</summary>
    public static IEnumerable<string> FindAll(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .Where(File.Exists);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string name, string folder, byte[]? input, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(name, words)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input ?? [], TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
