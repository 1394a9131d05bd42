using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

public sealed partial class ServiceVersionTests
{
    /// <summary>Read from the assembly's file, independently of the service.</summary>
    private static string Expected { get; } = FileVersionInfo.GetVersionInfo(typeof(Program).Assembly.Location).ProductVersion!.Split('+')[0];

    [Fact]
    public async Task The_health_endpoint_telemetry_and_OpenAPI_show_the_version_of_the_assembly()
    {
        using var service = new RunningService { Settings = new() { ["Auth:Metrics"] = "Anyone" } };

        JsonNode.Parse(await ReadAsync(service, "/health/live"))!["version"]!.GetValue<string>().ShouldBe(Expected);
        (await ReadAsync(service, "/metrics")).ShouldContain($"target_info{{service_name=\"genesys-analytics-api\",service_version=\"{Expected}\"");
        JsonNode.Parse(await ReadAsync(service, "/swagger/v1/swagger.json"))!["info"]!["version"]!.GetValue<string>().ShouldBe(Expected);
    }

    [Fact]
    public void The_build_the_changelog_and_the_kustomization_name_the_same_version()
    {
        XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value.ShouldBe(Expected);
        Release().Match(Repository.Read("docs/CHANGELOG.md")).Groups["version"].Value.ShouldBe(Expected, "The first release in the changelog must be the current version.");
        ImageTag().Match(Repository.Read("docker/kubernetes/kustomization.yaml")).Groups["version"].Value.ShouldBe(Expected);
    }

    private static Task<string> ReadAsync(RunningService service, string path) =>
        service.CreateClient().GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    [GeneratedRegex(@"^## (?<version>\d\S*)", RegexOptions.Multiline)]
    private static partial Regex Release();

    [GeneratedRegex(@"^ +newTag: (?<version>\S+)$", RegexOptions.Multiline)]
    private static partial Regex ImageTag();
}
