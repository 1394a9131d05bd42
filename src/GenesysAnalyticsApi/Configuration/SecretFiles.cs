namespace GenesysAnalyticsApi.Configuration;

/// <summary>
/// Settings that a platform mounts as files, one value a file, named as the environment variable would be:
/// <c>/run/secrets/Genesys__ClientSecret</c>. Docker and Kubernetes do so, since an environment is shown by too many tools.
/// </summary>
internal static class SecretFiles
{
    public const string FolderVariable = "SECRETS_FOLDER";

    public const string DefaultFolder = "/run/secrets";

    private static string? Named => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : null;

    public static string Folder => Named ?? DefaultFolder;

    /// <summary>What can be read; none where there is no such folder. Whoever writes such a file ends its line, which is no part of the value.</summary>
    public static Dictionary<string, string> Read(string folder) =>
        Files(folder)
            .Select(file => (Name: Path.GetFileName(file), Value: TryRead(file)))
            .Where(file => file.Value is not null)
            .ToDictionary(file => file.Name, file => file.Value!.TrimEnd('\r', '\n'));

    /// <summary>A secret that is passed over looks like one that is missing, far from the cause: the owner of a file, mostly.</summary>
    public static void Check(SettingsReport report)
    {
        if (Named is { } named && !Directory.Exists(named))
        {
            report.Add(FolderVariable, named, "is not a folder. Mount it, or leave the variable out.");
        }
        else if (TryList(Folder) is null)
        {
            report.Add(FolderVariable, Folder, "cannot be listed by the user that the service runs as. Let that user read and enter the folder.");
        }

        foreach (var file in Files(Folder).Where(file => IsSetting(Path.GetFileName(file)) && TryRead(file) is null))
        {
            report.Add(file, "cannot be read by the user that the service runs as. Let that user read it: by its owner, or by a group.");
        }
    }

    // Others may have files of their own in that folder, which concern nobody here.
    private static bool IsSetting(string name) => name.Contains("__", StringComparison.Ordinal) || SettingsSources.Aliases.ContainsKey(name);

    // Kubernetes keeps the versions of a secret in folders whose names begin with two dots.
    private static IEnumerable<string> Files(string folder) =>
        (TryList(folder) ?? []).Where(file => !Path.GetFileName(file).StartsWith('.'));

    private static string[]? TryList(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
