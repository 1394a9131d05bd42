using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Deployment;

/// <summary>The pages that operators follow match the code.</summary>
public sealed partial class DeploymentDocumentsTests
{
    private static readonly string FirstOrganization = Repository.Read("docs/first-org.md");

    [Theory]
    [InlineData("docs/first-org.md")]
    [InlineData("docs/deployment.md")]
    public void Every_link_leads_somewhere(string page)
    {
        var links = Link().Matches(Repository.Read(page)).Select(link => link.Groups["path"].Value).ToList();

        links.ShouldNotBeEmpty();
        links.ShouldAllBe(path => Path.Exists(Path.Combine(Repository.PathOf("docs"), path)));
    }

    [Fact]
    public void Every_region_resolves_by_both_of_its_names()
    {
        var regions = Region().Matches(FirstOrganization).Select(region => (Domain: region.Groups["domain"].Value, Name: region.Groups["name"].Value)).ToList();

        regions.Count.ShouldBe(18);
        regions.ShouldAllBe(region => Equals(GenesysRegions.Resolve(region.Name).Region, GenesysRegions.Resolve(region.Domain).Region));
        regions.ShouldBeUnique();
    }

    [Fact]
    public async Task The_first_queries_succeed_and_their_fields_exist()
    {
        using var service = RunningService.Simulated();
        using var client = service.CreateClient();
        var queries = ExampleQuery().Matches(FirstOrganization).Select(query => query.Groups["path"].Value).ToList();

        queries.Count.ShouldBe(2);
        var responses = await Task.WhenAll(queries.Select(path => client.GetStringAsync(path, TestContext.Current.CancellationToken)));

        var named = Column().Matches(FirstOrganization).SelectMany(row => Name().Matches(row.Groups["fields"].Value)).Select(name => name.Groups["name"].Value).ToList();
        named.Count.ShouldBeGreaterThan(10);
        named.ShouldAllBe(field => responses[1].Contains($"\"{field}\":", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\((?<path>(?!http|#)[^)#]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\| `(?<domain>[\w.-]+\.(com|cloud|ie|de|jp|au))` \| `(?<name>\w+(-\w+)+-\d)` ")]
    private static partial Regex Region();

    [GeneratedRegex("^curl \"http://localhost:5080(?<path>/[^\"]+)\"$", RegexOptions.Multiline)]
    private static partial Regex ExampleQuery();

    [GeneratedRegex(@"^\| [A-Z][^|`]* \| (?<fields>(`\w+`(, )?)+) \|", RegexOptions.Multiline)]
    private static partial Regex Column();

    [GeneratedRegex(@"`(?<name>\w+)`")]
    private static partial Regex Name();
}
