namespace GenesysAnalyticsApi.Configuration;

/// <summary>
/// Reads settings that Docker or Kubernetes mounts as files. Each file contains one value and is named like the environment variable of the setting, such as
/// <c>/run/secrets/Genesys__ClientSecret</c>.
/// </summary>
internal static class SecretFiles
{
    public const string FolderVariable = "SECRETS_FOLDER";

    public const string DefaultFolder = "/run/secrets";

    private static string? ConfiguredFolder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    public static string Folder => ConfiguredFolder ?? DefaultFolder;

    /// <summary>
    /// Returns the content of each readable file by file name, without line breaks at its end; empty if the folder does not exist or cannot be listed.
    /// </summary>
    public static Dictionary<string, string> Read(string folder) =>
        Files(folder)
            .Select(file => (Name: Path.GetFileName(file), Value: ReadOrNull(() => File.ReadAllText(file))))
            .Where(file => file.Value is not null)
            .ToDictionary(file => file.Name, file => file.Value!.TrimEnd('\r', '\n'));

    /// <summary>
    /// Reports a configured folder that does not exist, a folder that cannot be listed, and unreadable files of settings. Otherwise, an unreadable secret would
    /// look like a missing one.
    /// </summary>
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

    // The folder can also contain files of other programs.
    private static bool IsSetting(string name) => name.Contains("__", StringComparison.Ordinal) || SettingsSources.Aliases.ContainsKey(name);

    // Hidden files are skipped: Kubernetes stores the versions of a secret under names that begin with two dots.
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
