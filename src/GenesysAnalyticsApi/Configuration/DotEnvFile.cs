using System.Text.RegularExpressions;
using dotenv.net;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Reads <c>.env</c> in the working directory: one <c>NAME=value</c> per line.</summary>
internal static partial class DotEnvFile
{
    public static string Location => Path.Combine(Directory.GetCurrentDirectory(), ".env");

    /// <summary>Returns the variables in the file; empty if the file is missing or unreadable. <see cref="Check"/> reports an unreadable file.</summary>
    public static IDictionary<string, string> Read(string path) => TryRead(path, out _) ?? new Dictionary<string, string>();

    /// <summary>
    /// Reports an unreadable file, lines that dotenv.net skips, and names that occur twice. The report shows no values, because any value might be a secret.
    /// </summary>
    public static void Check(string path, SettingsReport report)
    {
        if (TryRead(path, out var reason) is null)
        {
            report.Add(path, reason!);
            return;
        }

        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (Match entry in Entry().Matches(text))
        {
            var (name, line) = (entry.Groups["name"].Value, text.AsSpan(0, entry.Index).Count('\n') + 1);
            if (name.Length == 0)
            {
                report.Add($"{path}, line {line}", "is neither NAME=value nor a comment that begins with #.");
            }
            // The file can contain both an alias and the key itself. The key takes precedence.
            else if (!lines.TryAdd(KeyOf(name), line))
            {
                report.Add($"{path}, line {line}", $"sets {SettingsReport.Escaped(name)} again, after line {lines[KeyOf(name)]}. Remove one of the two lines.");
            }
        }
    }

    private static string KeyOf(string name) => SettingsSources.Aliases.ContainsKey(name) ? name : SettingsSources.KeyOf(name);

    /// <returns>Null if the file exists but cannot be read.</returns>
    private static IDictionary<string, string>? TryRead(string path, out string? reason)
    {
        reason = null;
        try
        {
            return File.Exists(path) ? DotEnv.Read(new DotEnvOptions(envFilePaths: [path], ignoreExceptions: false, supportExportSyntax: true)) : new Dictionary<string, string>();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            reason = "cannot be read by the account that runs the service. Give that account permission to read it, or start the service in another folder.";
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidOperationException)
        {
            reason = "cannot be read: a value begins with a quotation mark that is never closed. Give one NAME=value per line.";
        }

        return null;
    }

#pragma warning disable MA0009 // The operator of the service wrote the file, and look-behinds need backtracking.
    // Matches one variable, with a quoted value over several lines if there is one, or else one line that is neither empty nor a comment.
    [GeneratedRegex("""^[^\S\n]*(?!#)(?:(?:export[^\S\n]+)?(?<name>[^\s=]+)[^\S\n]*=[^\S\n]*(?:"[^"]*(?:(?<=\\)"[^"]*)*"|'[^']*(?:(?<=\\)'[^']*)*')?.*|\S.*)$""", RegexOptions.Multiline)]
    private static partial Regex Entry();
#pragma warning restore MA0009
}
