using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Documentation;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = Repository.Read("README.md");

    [Fact]
    public void The_README_contains_the_commands_to_run_and_to_test()
    {
        ShellBlocks().ShouldContain("dotnet run --project src/GenesysAnalyticsApi");
        ShellBlocks().ShouldContain("dotnet test");
    }

    [Fact]
    public async Task The_example_query_of_the_README_returns_the_fields_it_shows()
    {
        using var service = RunningService.SimulatedWithTime();
        using var client = service.CreateClient();
        client.Timeout = TimeSpan.FromMinutes(5);
        var curl = ShellBlocks().Select(block => Curl().Match(block)).Single(found => found.Success).Groups["path"].Value;
        using var shown = JsonDocument.Parse(Shown().Match(Readme).Groups["json"].Value);

        using var response = JsonDocument.Parse(await client.GetStringAsync(curl, TestContext.Current.CancellationToken));

        FieldsOf(shown.RootElement).ShouldBeSubsetOf(FieldsOf(response.RootElement));
        foreach (var path in ExampleQuery().Matches(Readme).Select(query => query.Groups["path"].Value))
        {
            using var other = await client.GetAsync(path, TestContext.Current.CancellationToken);
            other.IsSuccessStatusCode.ShouldBeTrue(path);
        }
    }

    [Fact]
    public void Every_link_into_the_repository_leads_somewhere()
    {
        var links = Link().Matches(Readme).Select(link => link.Groups["path"].Value).ToList();

        links.ShouldNotBeEmpty();
        links.ShouldAllBe(path => Path.Exists(Repository.PathOf(path)));
    }

    [Fact]
    public void Every_decision_has_its_sections()
    {
        foreach (var decision in Directory.GetFiles(Repository.PathOf("docs/decisions"), "*.md").Select(File.ReadAllText))
        {
            decision.ShouldMatch(@"^# \d{4} .+\n\n\* Status: \w+\n\* Date: \d{4}-\d\d-\d\d\n\n## Context\n[\s\S]+\n## Decision\n[\s\S]+\n## Consequences\n");
        }
    }

    private static IEnumerable<string> ShellBlocks() => Block().Matches(Readme).Select(block => block.Groups["code"].Value.Trim());

    /// <summary>Every field as a path, such as <c>meta.asOf</c>; all list items share one path.</summary>
    private static IEnumerable<string> FieldsOf(JsonElement element, string path = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => FieldsOf(field.Value, $"{path}.{field.Name}")),
        JsonValueKind.Array when element.GetArrayLength() > 0 => element.EnumerateArray().SelectMany(item => FieldsOf(item, path)).Distinct(),
        _ => [path],
    };

    [GeneratedRegex("^curl \"http://localhost:5080(?<path>/[^\"]+)\"$")]
    private static partial Regex Curl();

    [GeneratedRegex("```json\n(?<json>.+?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex(@"^\* `(?<path>/[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex ExampleQuery();

    [GeneratedRegex("```sh\n(?<code>.+?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?<path>(?!http)[^)]+)\)")]
    private static partial Regex Link();
}
