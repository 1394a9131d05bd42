using System.Runtime.CompilerServices;

namespace GenesysAnalyticsApi.Tests.Infrastructure;

/// <summary>The working copy that the tests were built from. Tests read documents and snapshots there.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    /// <summary>A developer's <c>.env</c>, with credentials of a real organization, must never reach a test.</summary>
    [ModuleInitializer]
    internal static void LeaveWorkingFolder() => Directory.SetCurrentDirectory(AppContext.BaseDirectory);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GenesysAnalyticsApi.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' has GenesysAnalyticsApi.sln: run the tests inside the repository.");
    }
}
