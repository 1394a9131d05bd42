using System.Reflection;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests;

/// <summary>
/// Keeps the rooms of the service in order (<c>docs/architecture.md</c>). A failure names the file and says what to change.
/// </summary>
public sealed partial class ArchitectureTests
{
    private const string Root = "GenesysAnalyticsApi";

    private const int MaxFilesPerFolder = 15;

    private const int MaxLinesPerFile = 250;

    /// <summary>From the top down. A room uses only rooms of lower floors; rooms on one floor do not use each other.</summary>
    private static readonly string[][] Floors =
    [
        [""],
        ["Commands", "Hosting.Health", "Hosting.Logging"],
        ["Hosting"],
        ["Mcp"],
        ["Doctor", "Mcp.Protocol"],
        ["Doctor.Checks"],
        ["Doctor.Diagnostics"],
        ["Redis"],
        ["Redis.Alerts", "Redis.Directories", "Redis.Jobs", "Redis.Observations"],
        ["Redis.Connection"],
        ["Jobs.Work"],
        ["Alerts"],
        ["Alerts.Webhooks"],
        ["Alerts.Evaluation"],
        ["Alerts.Rules"],
        ["Jobs"],
        ["Reconciliation"],
        ["Reconciliation.GenesysExports"],
        ["Reconciliation.Comparing"],
        ["Aggregates", "Catalog", "Conversations", "Observations", "Observations.Stream"],
        ["Conversations.Formats", "Conversations.Timeline", "Observations.Response"],
        ["Conversations.Reading"],
        ["Conversations.Request", "Observations.Feed", "Observations.Request"],
        ["Aggregates.Formats"],
        ["Aggregates.Response"],
        ["Aggregates.Folding"],
        ["Aggregates.Slices"],
        ["Aggregates.Fetching"],
        ["Aggregates.Planning"],
        ["Aggregates.Admission", "Aggregates.Request", "Queues"],
        ["Directories.Endpoints", "Observations.State"],
        ["OpenApi"],
        ["OpenApi.Filters"],
        ["OpenApi.Metadata"],
        ["Security"],
        ["Security.RateLimiting"],
        ["Security.Authentication"],
        ["Queues.Directory"],
        ["Directories"],
        ["Errors"],
        ["Conversations.Records"],
        ["Genesys", "Genesys.Notifications"],
        ["Genesys.Details", "Genesys.RealTime"],
        ["Genesys.AsyncQueries", "Genesys.Limits"],
        ["Genesys.Pipeline"],
        ["Genesys.Authentication"],
        ["Genesys.Monitoring", "Genesys.Parsing", "Genesys.RateLimiting"],
        ["Genesys.Requests", "Genesys.Settings"],
        ["Genesys.Failures"],
        ["Genesys.Protocol"],
        ["Aggregates.Time"],
        ["Configuration", "Facts", "Formats"],
        ["Observability", "Text"],
    ];

    private static readonly string Sources = Repository.PathOf("src/GenesysAnalyticsApi");

    private static readonly string ClientSources = Repository.PathOf("src/GenesysAnalyticsApi.Client");

    [Fact]
    public void A_room_uses_only_rooms_on_lower_floors()
    {
        var floors = Floors.SelectMany((rooms, floor) => rooms.Select(room => (room, floor))).ToDictionary(pair => pair.room, pair => pair.floor, StringComparer.Ordinal);
        var faults = AssemblyDependencies.Read(typeof(Program).Assembly.Location)
            .Select(pair => (From: RoomOf(pair.From.Namespace), To: RoomOf(pair.To.Namespace), Text: $"{pair.From.FullName} uses {pair.To.FullName}"))
            .Where(pair => pair is { From: not null, To: not null } && pair.From != pair.To && floors[pair.To] <= floors[pair.From])
            .Select(pair => $"{pair.Text}: {Shown(pair.To!)} is not below {Shown(pair.From!)}.")
            .Order(StringComparer.Ordinal)
            .ToList();

        faults.ShouldBeEmpty("Move the used type to a lower room, or let the upper room pass in what the lower room needs (an interface of the lower room).");
    }

    [Fact]
    public void Every_room_has_a_floor() => Folders().Select(folder => RoomOf(NamespaceOf(folder))).Distinct()
        .Except(Floors.SelectMany(rooms => rooms))
        .ShouldBeEmpty("Add the new folder to Floors, above every room that it uses.");

    [Fact]
    public void The_document_lists_the_same_floors()
    {
        var document = DocumentedRoom().Matches(Repository.Read("docs/architecture.md"))
            .Select(row => (Floor: row.Groups["floor"].Value, Room: row.Groups["room"].Value))
            .Where(row => row.Room != "wwwroot");
        var expected = Floors.SelectMany((rooms, floor) => rooms.Select((room, index) =>
            (index == 0 ? $"{Floors.Length - floor}" : "", room.Length == 0 ? "Program.cs" : room.Replace('.', '/'))));

        document.ShouldBe(expected, "Update the table of rooms in docs/architecture.md.");
    }

    [Fact]
    public void Namespaces_match_folders()
    {
        var faults = Files().Where(file => Namespace().Match(File.ReadAllText(file)) is { Success: true } declared
            && declared.Groups[1].Value != NamespaceOf(Path.GetDirectoryName(file)!));

        faults.ShouldBeEmpty("The namespace of a file must match its folder.");
    }

    [Fact]
    public void Folders_stay_small() => Folders()
        .Where(folder => Directory.GetFiles(folder, "*.cs").Length > MaxFilesPerFolder)
        .ShouldBeEmpty($"A folder has at most {MaxFilesPerFolder} files: move related files to a separate folder.");

    [Fact]
    public void The_service_and_the_client_package_do_not_use_each_other()
    {
        var (service, client) = (typeof(Program).Assembly, typeof(AnalyticsClient).Assembly);

        Own(service).ShouldBe(["GenesysSimulator"], "The service must not reference the client package, only the simulator.");
        Own(client).ShouldBeEmpty("The client package is installed without the service, so it must not reference it.");

        static IEnumerable<string> Own(Assembly assembly) =>
            assembly.GetReferencedAssemblies().Select(referenced => referenced.Name!).Where(name => name.StartsWith("Genesys", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_stay_short() => Files().Concat(FilesOfClient())
        .Where(file => File.ReadLines(file).Count() > MaxLinesPerFile)
        .ShouldBeEmpty($"A file has at most {MaxLinesPerFile} lines and contains one idea: move the second idea to a separate file.");

    [Fact]
    public void Names_say_what_a_type_does() => Files().Concat(FilesOfClient())
        .Where(file => EmptyName().IsMatch(Path.GetFileNameWithoutExtension(file)))
        .ShouldBeEmpty("Helper, Manager, Util and Dto say nothing: name the type after what it does.");

    [Fact]
    public void Regular_expressions_have_no_timeout() => typeof(Program).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<GeneratedRegexAttribute>() is { MatchTimeoutMilliseconds: > 0 })
        .Select(method => $"{method.DeclaringType}.{method.Name}")
        .ShouldBeEmpty("A busy machine exceeds any timeout, and the request becomes a 500: use a pattern without backtracking, or parse the text without one.");

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories);

    /// <summary>The files of the client package, except the generated ones.</summary>
    private static IEnumerable<string> FilesOfClient() => Directory.EnumerateFiles(ClientSources, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.StartsWith(Path.Combine(ClientSources, "Generated"), StringComparison.Ordinal));

    private static IEnumerable<string> Folders() => Files().Select(file => Path.GetDirectoryName(file)!).Distinct();

    private static string NamespaceOf(string folder) =>
        Path.GetRelativePath(Sources, folder) is "." ? Root : $"{Root}.{Path.GetRelativePath(Sources, folder).Replace(Path.DirectorySeparatorChar, '.')}";

    /// <returns>Null for a type that the compiler or a generator declared outside of the service's namespaces.</returns>
    private static string? RoomOf(string space)
    {
        if (space != Root && !space.StartsWith($"{Root}.", StringComparison.Ordinal))
        {
            return null;
        }

        return space.Length == Root.Length ? "" : space[(Root.Length + 1)..];
    }

    private static string Shown(string room) => room.Length == 0 ? "Program" : room;

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\| (?:(?<floor>\d+) )?\| `(?<room>[\w./]+?)/?` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex DocumentedRoom();

    [GeneratedRegex("(Helper|Manager|Util|Utils|Dto)s?$")]
    private static partial Regex EmptyName();
}
