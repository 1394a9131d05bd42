using dotenv.net;

namespace GenesysAnalyticsApi.Configuration;

/// <summary><c>.env</c> in the working folder: one <c>NAME=value</c> a line.</summary>
internal static class DotEnvFile
{
    private const string Name = ".env";
    private const string Export = "export ";

    public static string Location => Path.Combine(Directory.GetCurrentDirectory(), Name);

    /// <summary>The variables of the file; none where it is absent or broken. <see cref="Check"/> says what is broken.</summary>
    public static Dictionary<string, string> Read(string path)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in TryRead(path, out _) ?? new Dictionary<string, string>())
        {
            // Files that shells read too say "export" before the name.
            variables[Bare(name)] = value;
        }

        return variables;
    }

    /// <summary>Values stay unsaid: some of them are secrets, and a line that cannot be read may be one as a whole.</summary>
    public static void Check(string path, SettingsReport report)
    {
        if (TryRead(path, out var reason) is null)
        {
            report.Add(path, reason!);
            return;
        }

        var given = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (line, name) in File.Exists(path) ? Names(File.ReadAllLines(path)) : [])
        {
            if (name is null)
            {
                report.Add($"{path}, line {line}", "is neither NAME=value nor a comment that begins with #.");
            }
            // The name of a tutorial and the key itself may both be given: the key wins.
            else if (!given.TryAdd(KeyOf(name), line))
            {
                report.Add($"{path}, line {line}", $"gives {SettingsReport.Escaped(name)} again, after line {given[KeyOf(name)]}. Keep one of them.");
            }
        }
    }

    private static string KeyOf(string name) => SettingsSources.Aliases.ContainsKey(name) ? name : SettingsSources.KeyOf(name);

    /// <summary>The lines that should name a variable, from 1, with the name; null where there is none. Values in quotes may have several lines.</summary>
    private static IEnumerable<(int Line, string? Name)> Names(string[] lines)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var (from, equals) = (at + 1, line.IndexOf('=', StringComparison.Ordinal));
            var name = equals < 0 ? "" : Bare(line[..equals].Trim());
            yield return (from, name.Length > 0 && !name.Any(char.IsWhiteSpace) ? name : null);

            var value = equals < 0 ? "" : line[(equals + 1)..].Trim();
            for (var open = value is ['"' or '\'', ..] && !Closes(value[1..], value[0]); open && at + 1 < lines.Length; open = !Closes(lines[at], value[0]))
            {
                at++;
            }
        }
    }

    private static bool Closes(string text, char quote)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == quote && (at == 0 || text[at - 1] != '\\'))
            {
                return true;
            }
        }

        return false;
    }

    private static string Bare(string name) => name.StartsWith(Export, StringComparison.Ordinal) ? name[Export.Length..].Trim() : name;

    /// <returns>Null where the file is there but cannot be read.</returns>
    private static IDictionary<string, string>? TryRead(string path, out string? reason)
    {
        reason = null;
        try
        {
            return File.Exists(path) ? DotEnv.Read(new DotEnvOptions(envFilePaths: [path], ignoreExceptions: false)) : new Dictionary<string, string>();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            reason = "cannot be read by the user that the service runs as. Let that user read it, or start the service in another folder.";
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidOperationException)
        {
            reason = "cannot be read: a value begins with a quotation mark that is never closed. Give one NAME=value a line.";
        }

        return null;
    }
}
