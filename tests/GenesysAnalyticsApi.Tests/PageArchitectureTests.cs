using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests;

/// <summary>
/// Keeps the scripts of the page in order (<c>docs/page.md</c>). A failure names the script and says what to change.
/// </summary>
public sealed partial class PageArchitectureTests
{
    private const int MaxScriptsPerFolder = 15;

    private const int MaxLinesPerScript = 250;

    /// <summary>From the top down. A script imports only from its own folder and from folders of lower floors.</summary>
    private static readonly string[][] Floors =
    [
        [""],
        ["rounds"],
        ["sections"],
        ["views/wall"],
        ["views/conversation", "views/now", "views/period"],
        ["views/controls"],
        ["live"],
        ["requests"],
        ["state"],
        ["display"],
    ];

    private static readonly string Root = Repository.PathOf("src/GenesysAnalyticsApi/wwwroot/scripts");

    /// <summary>The imports of each script, as paths below <c>scripts</c>.</summary>
    private static readonly Dictionary<string, string[]> Imports = Directory.EnumerateFiles(Root, "*.js", SearchOption.AllDirectories).ToDictionary(Shown, ImportsOf, StringComparer.Ordinal);

    [Fact]
    public void Scripts_stay_short() => Imports.Keys
        .Where(script => File.ReadLines(Path.Combine(Root, script)).Count() > MaxLinesPerScript)
        .ShouldBeEmpty($"A script has at most {MaxLinesPerScript} lines and contains one idea: move the second idea to a separate script.");

    [Fact]
    public void Folders_of_scripts_stay_small() => Imports.Keys.GroupBy(FolderOf)
        .Where(folder => folder.Count() > MaxScriptsPerFolder)
        .Select(folder => folder.Key)
        .ShouldBeEmpty($"A folder has at most {MaxScriptsPerFolder} scripts: move related scripts to a separate folder.");

    [Fact]
    public void Every_folder_of_scripts_has_a_floor() => Imports.Keys.Select(FolderOf).Distinct()
        .ShouldBe(Floors.SelectMany(folders => folders), ignoreOrder: true, "Floors must list the folders that exist, each above every folder that it imports from.");

    [Fact]
    public void A_script_imports_only_from_lower_floors()
    {
        var floors = Floors.SelectMany((folders, floor) => folders.Select(folder => (folder, floor))).ToDictionary(pair => pair.folder, pair => pair.floor, StringComparer.Ordinal);

        Imports.SelectMany(script => script.Value.Select(imported => (From: script.Key, To: imported)))
            .Where(import => FolderOf(import.From) != FolderOf(import.To) && floors[FolderOf(import.To)] <= floors[FolderOf(import.From)])
            .Select(import => $"{import.From} imports {import.To}")
            .ShouldBeEmpty("Move the imported function to a lower folder, or pass it in as a callback.");
    }

    [Fact]
    public void Scripts_do_not_import_each_other_in_a_circle() =>
        Imports.Keys.Select(CircleOf).Where(circle => circle is not null).ShouldBeEmpty("Move what both scripts need to a third one, or pass it in as a callback.");

    [Fact]
    public void Every_import_names_a_script_that_exists() => Imports.SelectMany(script => script.Value.Select(imported => (From: script.Key, To: imported)))
        .Where(import => !Imports.ContainsKey(import.To))
        .Select(import => $"{import.From} imports {import.To}")
        .ShouldBeEmpty();

    [Fact]
    public void The_document_lists_the_same_folders()
    {
        var expected = Floors.SelectMany(folders => folders.Select(folder => folder.Length == 0 ? "main.js" : folder));

        DocumentedFolder().Matches(Repository.Read("docs/page.md")).Select(row => row.Groups["folder"].Value).ShouldBe(expected, "Update the table of scripts in docs/page.md.");
    }

    /// <summary>The scripts of the shortest way from a script back to itself, or null if there is none.</summary>
    private static string? CircleOf(string script)
    {
        var ways = new Queue<string[]>(Imports[script].Select(imported => new[] { script, imported }));
        for (var seen = new HashSet<string>(StringComparer.Ordinal); ways.TryDequeue(out var way);)
        {
            if (way[^1] == script)
            {
                return string.Join(" → ", way);
            }

            foreach (var imported in seen.Add(way[^1]) ? Imports.GetValueOrDefault(way[^1], []) : [])
            {
                ways.Enqueue([.. way, imported]);
            }
        }

        return null;
    }

    private static string[] ImportsOf(string file) =>
        [.. Import().Matches(File.ReadAllText(file)).Select(import => Shown(Path.GetFullPath(import.Groups["path"].Value, Path.GetDirectoryName(file)!)))];

    private static string Shown(string file) => Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/');

    private static string FolderOf(string script) => script.Contains('/') ? script[..script.LastIndexOf('/')] : "";

    /// <summary>Also matches an import without names, a re-export, and an import that runs later.</summary>
    [GeneratedRegex("""(^|;\s*)(import|export)\b[^;'"]*\bfrom\s*['"](?<path>[^'"]+)|\bimport[\s(]*['"](?<path>[^'"]+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Import();

    [GeneratedRegex(@"^\| `scripts/(?<folder>[\w./]+?)/?` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex DocumentedFolder();
}
