using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

/// <summary>Unreadable settings at a real startup: one message, an exit code, and never a stack trace.</summary>
public sealed partial class UnreadableSettingsTests : IDisposable
{
    private static readonly string[] Garbage =
        ["garbage", "", " ", "-1", "0", "NaN", "1e9", "99999999999999999999", "00:00", "99.99:99:99", "true", "[]", "{}", "null", "💥", "\t", "http://", "://", "0x10", "9999-12-31T23:59:59-14:00"];

    /// <summary>Keys that accept any text.</summary>
    private static readonly string[] Texts =
    [
        "Genesys:ClientId", "Genesys:ClientSecret", "Auth:Jwt:Audience", "Auth:Jwt:ScopesClaim", "Auth:Jwt:QueuesClaim", "Auth:Keys:0:Name", "Auth:Keys:0:Queues:0",
        "OpenApi:ContactName", "OpenApi:LicenseName",
        // A host name.
        "Cache:Redis",
        // A path.
        "Alerts:StateFile",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genesys-analytics-");

    /// <summary>Every documented key.</summary>
    private static IReadOnlyList<string> Keys { get; } =
    [
        .. Documented().Matches(Repository.Read("docs/configuration.md")).Select(row => row.Groups["key"].Value).Except(SettingsSources.Aliases.Keys),
        .. Documented().Matches(Repository.Read("docs/callers.md")).Select(row => row.Groups["key"].Value).Where(key => key.StartsWith("Auth:Jwt:", StringComparison.Ordinal)),
        .. typeof(ApiKeyOptions).GetProperties().Where(property => property.PropertyType != typeof(List<string>)).Select(property => $"Auth:Keys:0:{property.Name}"),
        "HTTP_PORTS", "HTTPS_PORTS", "Kestrel:Endpoints:a:Url", "Kestrel:Endpoints:a:Protocols", "Serilog:MinimumLevel:Default", "Serilog:MinimumLevel:Override:Polly",
        "Logging:LogLevel:Default", "OTEL_EXPORTER_OTLP_ENDPOINT", "Cors:Origins:0", "Auth:TrustedProxies:0", "Auth:Keys:0:Scopes:0", "Auth:Keys:0:Divisions:0", "Auth:Keys:0:Queues:0",
    ];

    [Fact]
    public async Task Garbage_in_every_key_is_reported_key_by_key_in_one_message()
    {
        // This key can be one level or a section of levels, but not both.
        var wrong = Keys.Where(key => key != "Serilog:MinimumLevel").ToList();

        var (exitCode, output, error) = await ServiceProcess.RunAsync(
            _folder.FullName, wrong.ToDictionary(key => key == "Urls" ? "URLS" : key.Replace(":", "__", StringComparison.Ordinal), string? (_) => "%garbage"));

        (exitCode, output).ShouldBe((1, ""));
        error.ShouldStartWith("GenesysAnalyticsApi does not start: ");
        error.ShouldNotContain("   at ");
        Keys.Count.ShouldBeGreaterThan(50);
        foreach (var key in wrong.Except(Texts))
        {
            // The fault of a list entry names the list.
            var named = key.EndsWith(":0", StringComparison.Ordinal) ? key[..^2] : key;
            error.Split('\n').ShouldContain(line => line.StartsWith($"  - {named} ", StringComparison.Ordinal), key);
        }
    }

    /// <summary>Whatever passes validation can be bound to the options; otherwise startup would end in a stack trace.</summary>
    [Fact]
    public void Settings_that_pass_validation_can_be_bound()
    {
        foreach (var key in Keys)
        {
            foreach (var value in Garbage)
            {
                var configuration = new ConfigurationBuilder()
                    .AddInMemoryCollection(new Dictionary<string, string?>(SettingsValidationTests.Complete) { [key] = value }).Build();
                var faults = SettingsValidation.FindFaults(configuration, new SettingsValidationTests.NamedEnvironment("Production"), [GenesysClient.Http]);
                if (faults.Count == 0)
                {
                    foreach (var section in SettingsValidation.Sections)
                    {
                        Should.NotThrow(() => configuration.GetSection(section.Name).Get(section.Options), $"{key} = '{value}'");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("""{ "Limits": { "BodyBytes": 2048, """, "Could not parse the JSON file.")]
    [InlineData("""{ "Limits": { "BodyBytes": 2048 }, "limits": { "bodybytes": 1 } }""", "A duplicate key 'limits:bodybytes' was found.")]
    [InlineData("[]", "Top-level JSON element must be an object.")]
    [InlineData("""{ "Genesys": { "SettleHours": null } }""", "Genesys:SettleHours is null. Remove it, or give a value. The default is 72.")]
    [InlineData("""{ "Limits": { "MaxFetching": { "a": 1 } } }""", "Limits:MaxFetching is a single value, not a section. Set it without further keys.")]
    [InlineData("""{ "Limits": { "MaxFetching": [1] } }""", "Limits:MaxFetching is a single value, not a section. Set it without further keys.")]
    public async Task An_unreadable_settings_file_is_named(string file, string expected)
    {
        // A separate environment, because settings files are in the folder of the program, which all tests share.
        var environment = $"T{Guid.NewGuid():N}";
        var path = Path.Combine(AppContext.BaseDirectory, $"appsettings.{environment}.json");
        await File.WriteAllTextAsync(path, file, TestContext.Current.CancellationToken);
        try
        {
            await ShouldFailToStartAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = environment, ["Genesys__Mode"] = "Simulator" }, expected);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("Limits__MaxFetching=1\nLimits__MaxFetching=2", ".env, line 2 sets Limits__MaxFetching again, after line 1. Remove one of the two lines.")]
    [InlineData("# two\n\nexport limits__maxfetching=1\nA=\"x\ny\"\nLimits:MaxFetching=2", ".env, line 6 sets Limits:MaxFetching again, after line 3. Remove one of the two lines.")]
    [InlineData("GENESYS_CLOUD_REGOIN=eu-west-1", "GENESYS_CLOUD_REGOIN is not a setting; the closest is GENESYS_CLOUD_REGION.")]
    [InlineData("GENESYS_CLOUD_REGION=a\nGENESYS_CLOUD_REGION=b", ".env, line 2 sets GENESYS_CLOUD_REGION again, after line 1. Remove one of the two lines.")]
    [InlineData("nonsense", ".env, line 1 is neither NAME=value nor a comment that begins with #.")]
    [InlineData("A=1\n=2", ".env, line 2 is neither NAME=value nor a comment that begins with #.")]
    [InlineData("A B=1", ".env, line 1 is neither NAME=value nor a comment that begins with #.")]
    [InlineData("A=\"planted-secret-7f3a", ".env cannot be read: a value begins with a quotation mark that is never closed. Give one NAME=value per line.")]
    [InlineData("planted-secret-7f3a", ".env, line 1 is neither NAME=value nor a comment that begins with #.")]
    public async Task An_unreadable_env_file_is_named_without_its_values(string file, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, ".env"), file, TestContext.Current.CancellationToken);

        (await ShouldFailToStartAsync(new() { ["Genesys__Mode"] = "Simulator" }, expected)).ShouldNotContain(RunningService.PlantedSecret);
    }

    [Theory]
    [InlineData("Serilog__Using__0", "Nowhere", "Could not load file or assembly 'Nowhere")]
    [InlineData("URLS", "https://127.0.0.1:0", "No server certificate was specified")]
    [InlineData("DOTNET_hostBuilder__reloadConfigOnChange", "perhaps", "Failed to convert configuration value 'perhaps' at 'hostBuilder:reloadConfigOnChange'")]
    public async Task Errors_of_the_framework_are_reported_in_its_words(string variable, string value, string expected) =>
        await ShouldFailToStartAsync(new() { ["Genesys__Mode"] = "Simulator", [variable] = value }, expected);

    [Theory]
    [InlineData("-x=1", "The short switch '-x=1' is not defined in the switch mappings. Give settings as --Genesys:Region=eu-west-1.")]
    [InlineData("health", "Urls = 'http://127.0.0.1:x' is not an address to listen on.")]
    public async Task Invalid_arguments_and_commands_also_end_in_one_message(string word, string expected) =>
        await ShouldFailToStartAsync(new() { ["Genesys__Mode"] = "Simulator", ["URLS"] = word == "health" ? "http://127.0.0.1:x" : null }, expected, word);

    [Fact]
    public async Task The_doctor_reports_settings_that_the_host_itself_cannot_read()
    {
        var (exitCode, output, error) = await ServiceProcess.RunAsync(_folder.FullName, new() { ["Genesys__Mode"] = "Simulator", ["Limits__DrainTime"] = "soon" }, "doctor");

        (exitCode, error).ShouldBe((1, ""));
        output.ShouldContain("> Limits:DrainTime = 'soon' is not a duration.");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> ShouldFailToStartAsync(Dictionary<string, string?> environment, string expected, params string[] words)
    {
        var (exitCode, output, error) = await ServiceProcess.RunAsync(_folder.FullName, environment, words);

        exitCode.ShouldBe(1);
        error.ShouldStartWith("GenesysAnalyticsApi does not start: ");
        error.ShouldContain(expected);
        (output + error).ShouldNotContain("   at ");
        return output + error;
    }

    [GeneratedRegex(@"^\| `(?<key>[A-Z][\w:]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();
}
