using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Tests;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = Repository.Read("README.md");

    [Fact]
    public void The_commands_to_run_and_to_test_stand_as_they_are_used()
    {
        ShellBlocks().ShouldContain("dotnet run --project src/GenesysAnalyticsApi");
        ShellBlocks().ShouldContain("dotnet test");
    }

    [Fact]
    public void Every_link_into_the_repository_leads_somewhere()
    {
        var links = Link().Matches(Readme).Select(link => link.Groups["path"].Value).ToList();

        links.ShouldNotBeEmpty();
        links.ShouldAllBe(path => Path.Exists(Repository.PathOf(path)));
    }

    [Fact]
    public void The_decisions_have_their_parts()
    {
        foreach (var decision in Directory.GetFiles(Repository.PathOf("docs/decisions"), "*.md").Select(File.ReadAllText))
        {
            decision.ShouldMatch(@"^# \d{4} .+\n\n\* Status: \w+\n\* Date: \d{4}-\d\d-\d\d\n\n## Context\n[\s\S]+\n## Decision\n[\s\S]+\n## Consequences\n");
        }
    }

    private static IEnumerable<string> ShellBlocks() => Block().Matches(Readme).Select(block => block.Groups["code"].Value.Trim());

    [GeneratedRegex("```sh\n(?<code>.+?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?<path>(?!http)[^)]+)\)")]
    private static partial Regex Link();
}
