using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.OpenApi;

/// <summary>The parts of the document that depend on the installation: server, security, contact and license.</summary>
public sealed class OpenApiSettingsTests
{
    private static readonly string Hash = new('a', 64);

    [Fact]
    public async Task The_server_is_the_address_of_the_request_and_relative_for_the_page()
    {
        using var service = new RunningService { Settings = new() { ["AllowedHosts"] = "analytics.example.com" } };
        using var client = service.CreateClient();
        client.DefaultRequestHeaders.Host = "analytics.example.com:8443";

        ServerOf((await client.GetFromJsonAsync<JsonObject>("/swagger/v1/swagger.json", TestContext.Current.CancellationToken))!).ShouldBe("http://analytics.example.com:8443");
        ServerOf((await client.GetFromJsonAsync<JsonObject>("/swagger/v1/page.json", TestContext.Current.CancellationToken))!).ShouldBe("/");
    }

    [Theory]
    [InlineData("swagger.json")]
    [InlineData("page.json")]
    public async Task Settings_determine_the_server_the_contact_and_the_license(string document)
    {
        var served = await ServedAsync(document, new()
        {
            ["OpenApi:ServerUrl"] = "https://gateway.example.com/analytics/",
            ["OpenApi:ContactName"] = "Reporting",
            ["OpenApi:ContactEmail"] = "reporting@example.com",
            ["OpenApi:ContactUrl"] = "https://example.com/reporting",
            ["OpenApi:LicenseName"] = "Terms of use",
            ["OpenApi:LicenseUrl"] = "https://example.com/terms",
        });

        ServerOf(served).ShouldBe("https://gateway.example.com/analytics");
        served["info"]!["contact"]!.ToJsonString().ShouldBe("""{"name":"Reporting","url":"https://example.com/reporting","email":"reporting@example.com"}""");
        served["info"]!["license"]!.ToJsonString().ShouldBe("""{"name":"Terms of use","url":"https://example.com/terms"}""");
    }

    [Fact]
    public async Task Without_settings_no_license_is_stated()
    {
        var served = await ServedAsync("swagger.json", []);

        served["info"]!["contact"]!.ToJsonString().ShouldBe("""{"name":"Operator of this service"}""");
        served["info"]!["license"]!.ToJsonString().ShouldBe("""{"name":"Not stated","identifier":"LicenseRef-Not-Stated"}""");
    }

    [Theory]
    [InlineData("Anonymous", "[{}]", "")]
    [InlineData("ApiKey", """[{"ApiKey":[]}]""", "ApiKey")]
    [InlineData("ApiKey,Jwt", """[{"ApiKey":[]},{"Bearer":[]}]""", "ApiKey,Bearer")]
    [InlineData("ApiKey,Anonymous", """[{"ApiKey":[]},{}]""", "ApiKey")]
    public async Task Security_lists_the_enabled_schemes_and_none_for_health_and_problems(string mode, string expected, string schemes)
    {
        var settings = new Dictionary<string, string> { ["Auth:Mode"] = mode };
        if (mode.Contains("ApiKey", StringComparison.Ordinal))
        {
            (settings["Auth:Keys:0:Name"], settings["Auth:Keys:0:Sha256"]) = ("wallboard", Hash);
        }

        if (mode.Contains("Jwt", StringComparison.Ordinal))
        {
            (settings["Auth:Jwt:Authority"], settings["Auth:Jwt:Audience"]) = ("https://login.example.com", "analytics");
        }

        var served = await ServedAsync("swagger.json", settings);

        served["security"]!.ToJsonString().ShouldBe(expected);
        string.Join(',', served["components"]!["securitySchemes"]?.AsObject().Select(scheme => scheme.Key) ?? []).ShouldBe(schemes);
        (served["components"]!["securitySchemes"]?.AsObject() ?? []).ShouldAllBe(scheme => scheme.Value!["description"] != null);
        var operations = served["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, Security: operation.Value!["security"]))).ToList();
        operations.Where(operation => operation.Security?.ToJsonString() == "[]").Select(operation => operation.Key)
            .ShouldBe(["/health/live", "/health/ready", "/problems/{name}"]);
        operations.Count(operation => operation.Security is null).ShouldBe(22);
    }

    private static string ServerOf(JsonObject document) => document["servers"]!.AsArray().ShouldHaveSingleItem()!["url"]!.GetValue<string>();

    private static async Task<JsonObject> ServedAsync(string document, Dictionary<string, string> settings)
    {
        using var service = new RunningService { Settings = settings };
        return (await service.CreateClient().GetFromJsonAsync<JsonObject>($"/swagger/v1/{document}", TestContext.Current.CancellationToken))!;
    }
}
