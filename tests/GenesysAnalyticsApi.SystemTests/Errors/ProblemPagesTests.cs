using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Errors;

public sealed partial class ProblemPagesTests
{
    public static TheoryData<string> Names => [.. ProblemType.All.Select(type => type.Name)];

    [Fact]
    public void Every_problem_has_a_page_and_every_page_a_problem()
    {
        var pages = Directory.GetFiles(Repository.PathOf("docs/problems"), "*.md").Select(Path.GetFileNameWithoutExtension);

        pages.ShouldBe(ProblemType.All.Select(type => type.Name), ignoreOrder: true);
    }

    [Fact]
    public void The_list_of_problem_types_is_complete()
    {
        var declared = typeof(ProblemType).GetProperties()
            .Where(property => property.PropertyType == typeof(ProblemType))
            .Select(property => (ProblemType)property.GetValue(null)!);

        ProblemType.All.ShouldBe(declared, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_problem_page_shows_a_realistic_example(string name)
    {
        var type = ProblemType.All.Single(one => one.Name == name);
        var page = Repository.Read($"docs/problems/{name}.md");
        var example = JsonDocument.Parse(Example().Match(page).Groups["body"].Value).RootElement;

        page.ShouldStartWith($"# {name}\n");
        page.ShouldContain("\n## What the caller can do\n");
        page.ShouldContain("\n## What the operator can do\n");
        example.GetProperty("type").GetString().ShouldBe($"/problems/{name}");
        example.GetProperty("title").GetString().ShouldBe(type.Title);
        type.Statuses.ShouldContain(example.GetProperty("status").GetInt32());
        type.Statuses.ShouldAllBe(status => page.Contains($"{status}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_problem_type_links_to_its_page(string name)
    {
        using var service = new RunningService();

        using var response = await service.CreateClient().GetAsync($"/problems/{name}", TestContext.Current.CancellationToken);

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/markdown; charset=utf-8");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(Repository.Read($"docs/problems/{name}.md"));
    }

    [GeneratedRegex("```json\n(?<body>.+?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
