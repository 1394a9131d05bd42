using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Configuration;

/// <summary>The code, <c>appsettings.json</c> and <c>docs/configuration.md</c> name the same settings with the same defaults.</summary>
public sealed partial class ConfigurationDocumentTests
{
    private static readonly string Document = Repository.Read("docs/configuration.md");

    [Fact]
    public void Every_setting_is_documented_with_its_default_and_variable()
    {
        var documented = SettingRow().Matches(Document)
            .Select(row => (Key: row.Groups["key"].Value, Default: row.Groups["default"].Value.Trim('`'), Variable: row.Groups["variable"].Value));

        documented.ShouldBe(FromCode().Select(setting =>
            (setting.Key, setting.Default ?? "–", setting.Key.Replace(":", "__", StringComparison.Ordinal))));
    }

    [Fact]
    public void The_settings_file_has_every_setting_with_its_default()
    {
        using var file = JsonDocument.Parse(Repository.Read("appsettings.json"));

        var written = SettingsValidation.Sections.SelectMany(section => file.RootElement.GetProperty(section.Name).EnumerateObject()
            .Select(setting => (Key: $"{section.Name}:{setting.Name}", Default: setting.Value.ValueKind == JsonValueKind.Null ? null : setting.Value.ToString())));

        written.ShouldBe(FromCode());
    }

    [Fact]
    public void The_document_and_the_example_list_all_aliases()
    {
        var documented = AliasRow().Matches(Document).ToDictionary(row => row.Groups["alias"].Value, row => row.Groups["key"].Value);
        var example = Repository.Read(".env.example").Split('\n').Where(line => line.EndsWith('=')).Select(line => line.TrimEnd('='));

        documented.ShouldBe(SettingsSources.Aliases);
        example.ShouldBe(SettingsSources.Aliases.Keys);
    }

    [Fact]
    public void The_server_defaults_are_documented()
    {
        using var file = JsonDocument.Parse(Repository.Read("appsettings.json"));

        Document.ShouldContain($"| `AllowedHosts` | `{file.RootElement.GetProperty("AllowedHosts")}` |");
        Document.ShouldContain($"| `Urls` | `{SettingsSources.DefaultAddress}` |");
    }

    [Fact]
    public void The_page_on_callers_documents_every_setting_of_keys_and_tokens()
    {
        var page = Repository.Read("docs/callers.md");

        typeof(ApiKeyOptions).GetProperties().ShouldAllBe(setting => page.Contains($"| `{setting.Name}` |", StringComparison.Ordinal));
        typeof(JwtOptions).GetProperties().ShouldAllBe(setting => page.Contains($"| `Auth:Jwt:{setting.Name}` |", StringComparison.Ordinal));
    }

    private static IEnumerable<(string Key, string? Default)> FromCode() =>
        SettingsValidation.Sections.SelectMany(section => section.Properties.Select(property =>
            ($"{section.Name}:{property.Name}", Convert.ToString(property.GetValue(Activator.CreateInstance(section.Options)), CultureInfo.InvariantCulture)))
            .Select(setting => (setting.Item1, string.IsNullOrEmpty(setting.Item2) ? null : setting.Item2)));

    [GeneratedRegex(@"^\| `(?<key>\w+:\w+)` \| (?<default>[^|]+) \| [^|]+ \| `(?<variable>\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"^\| `(?<alias>GENESYS_\w+)` \| `(?<key>[^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex AliasRow();
}
