namespace GenesysAnalyticsApi.Configuration;

/// <summary>
/// Reads settings that Docker or Kubernetes mounts as files, one value per file, named like the environment variable:
/// <c>/run/secrets/Genesys__ClientSecret</c>.
/// </summary>
internal static class SecretFiles
{
    public const string FolderVariable = "SECRETS_FOLDER";

    public const string DefaultFolder = "/run/secrets";

    private static string? ConfiguredFolder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    public static string Folder => ConfiguredFolder ?? DefaultFolder;

    /// <summary>The content of each readable file by its name, without the final line break; empty if the folder does not exist.</summary>
    public static Dictionary<string, string> Read(string folder) =>
        Files(folder)
            .Select(file => (Name: Path.GetFileName(file), Value: ReadOrNull(() => File.ReadAllText(file))))
            .Where(file => file.Value is not null)
            .ToDictionary(file => file.Name, file => file.Value!.TrimEnd('\r', '\n'));

    /// <summary>Reports the files that <see cref="Read"/> skips, because an unreadable secret would otherwise look like a missing one.</summary>
    public static void Check(SettingsReport report)
    {
        if (ConfiguredFolder is { } configured && !Directory.Exists(configured))
        {
            report.Add(FolderVariable, configured, "is not a folder. Mount a folder there, or remove the variable.");
        }
        else if (Directory.Exists(Folder) && ReadOrNull(() => Directory.GetFiles(Folder)) is null)
        {
            report.Add(FolderVariable, Folder, "cannot be listed by the account that runs the service. Give that account permission to read and enter the folder.");
        }

        foreach (var file in Files(Folder).Where(file => IsSetting(Path.GetFileName(file)) && ReadOrNull(() => File.ReadAllText(file)) is null))
        {
            report.Add(file, "cannot be read by the account that runs the service. Give that account, or one of its groups, permission to read it.");
        }
    }

    // Other programs may have files in the same folder.
    private static bool IsSetting(string name) => name.Contains("__", StringComparison.Ordinal) || SettingsSources.Aliases.ContainsKey(name);

    // Kubernetes stores the versions of a secret in entries whose names begin with two dots.
    private static IEnumerable<string> Files(string folder) =>
        (ReadOrNull(() => Directory.GetFiles(folder)) ?? []).Where(file => !Path.GetFileName(file).StartsWith('.'));

    private static T? ReadOrNull<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
