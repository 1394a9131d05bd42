using GenesysAnalyticsApi.Text;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>
/// Adds sources of settings to the sources of ASP.NET Core: <c>.env</c> in the working directory, mounted secrets, and environment variables with the names of
/// the Genesys tutorials. A later source overrides an earlier one:
/// <code>
/// appsettings.json → appsettings.{Environment}.json → user secrets → .env → secret files → environment → command line
/// </code>
/// Within <c>.env</c>, the secret files or the environment, <c>Genesys__Region</c> overrides <c>GENESYS_CLOUD_REGION</c>.
/// </summary>
internal static class SettingsSources
{
    public const string DefaultAddress = "http://localhost:5080";

    private const string AliasPrefix = "GENESYS_CLOUD_";

    /// <summary>Maps the variable names of the Genesys tutorials to setting keys.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>
    {
        ["GENESYS_CLOUD_REGION"] = "Genesys:Region",
        ["GENESYS_CLOUD_CLIENT_ID"] = "Genesys:ClientId",
        ["GENESYS_CLOUD_CLIENT_SECRET"] = "Genesys:ClientSecret",
    };

    public static void Insert(ConfigurationManager configuration)
    {
        IList<IConfigurationSource> sources = configuration.Sources;

        // The source without a prefix contains the settings. The sources for DOTNET_ and ASPNETCORE_ variables configure the host.
        var environment = sources.Index()
            .Last(source => source.Item is EnvironmentVariablesConfigurationSource { Prefix: null or "" })
            .Index;

        sources.Insert(environment, Memory(FromAliases(Environment.GetEnvironmentVariable)));
        sources.Insert(environment, Memory(FromNames(SecretFiles.Read(SecretFiles.Folder))));
        sources.Insert(environment, Memory(FromDotEnv(DotEnvFile.Location)));

        // The default address has the lowest precedence. It is omitted if ports are set, as in container images, because an address would override the ports.
        if (configuration["http_ports"] is null && configuration["https_ports"] is null)
        {
            sources.Insert(0, Memory(new() { ["urls"] = DefaultAddress }));
        }
    }

    /// <summary>Returns the settings in a <c>.env</c> file; empty if the file does not exist or cannot be read.</summary>
    public static Dictionary<string, string?> FromDotEnv(string path) => FromNames(DotEnvFile.Read(path));

    /// <summary>Returns the key of the setting that a variable sets.</summary>
    public static string KeyOf(string variable) => Aliases.GetValueOrDefault(variable) ?? variable.Replace("__", ":", StringComparison.Ordinal);

    /// <summary>
    /// Reports variables with names that resemble an alias. Such a variable has no effect. Without this report, the service would start with the simulator, or
    /// would report only a missing setting.
    /// </summary>
    public static void CheckAliases(SettingsReport report)
    {
        var names = Environment.GetEnvironmentVariables().Keys.Cast<string>().Concat(DotEnvFile.Read(DotEnvFile.Location).Keys).Concat(SecretFiles.Read(SecretFiles.Folder).Keys);
        foreach (var name in names.Where(name => name.StartsWith(AliasPrefix, StringComparison.OrdinalIgnoreCase) && !Aliases.ContainsKey(name)).Distinct(StringComparer.Ordinal))
        {
            if (DidYouMean.To(name, [.. Aliases.Keys]) is { } alias)
            {
                report.Add(SettingsReport.Escaped(name), $"is not a setting; the closest is {alias}.");
            }
        }
    }

    /// <summary>Returns the settings of the aliases that are set. An empty alias, as in a copied <c>.env.example</c>, counts as not set.</summary>
    public static Dictionary<string, string?> FromAliases(Func<string, string?> variable) =>
        Aliases
            .Select(alias => (alias.Value, Given: variable(alias.Key)))
            .Where(alias => !string.IsNullOrWhiteSpace(alias.Given))
            .ToDictionary(alias => alias.Value, alias => alias.Given, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string?> FromNames(IDictionary<string, string> variables)
    {
        var settings = FromAliases(name => variables.TryGetValue(name, out var value) ? value : null);
        foreach (var (name, value) in variables.Where(variable => !Aliases.ContainsKey(variable.Key)))
        {
            settings[KeyOf(name)] = value;
        }

        return settings;
    }

    private static MemoryConfigurationSource Memory(Dictionary<string, string?> settings) => new() { InitialData = settings };
}
