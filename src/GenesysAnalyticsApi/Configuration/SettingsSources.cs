using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>
/// Where settings come from beyond what ASP.NET reads by itself: <c>.env</c> in the working folder, mounted secrets, and the names that
/// Genesys' own tutorials use. Later in the list wins:
/// <code>
/// appsettings.json → appsettings.{Environment}.json → user secrets → .env → secret files → environment → command line
/// </code>
/// Within each of <c>.env</c>, the files and the environment <c>Genesys__Region</c> wins over <c>GENESYS_CLOUD_REGION</c>.
/// </summary>
internal static class SettingsSources
{
    public const string DefaultAddress = "http://localhost:5080";

    /// <summary>The tutorial's names → ours.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string, string>
    {
        ["GENESYS_CLOUD_REGION"] = "Genesys:Region",
        ["GENESYS_CLOUD_CLIENT_ID"] = "Genesys:ClientId",
        ["GENESYS_CLOUD_CLIENT_SECRET"] = "Genesys:ClientSecret",
    };

    public static void Insert(ConfigurationManager configuration)
    {
        IList<IConfigurationSource> sources = configuration.Sources;

        // ASP.NET reads DOTNET_ and ASPNETCORE_ variables first, for the host; ours stand beside the one without a prefix.
        var environment = sources.Index()
            .Last(source => source.Item is EnvironmentVariablesConfigurationSource { Prefix: null or "" })
            .Index;

        sources.Insert(environment, Memory(FromAliases(Environment.GetEnvironmentVariable)));
        sources.Insert(environment, Memory(FromNames(SecretFiles.Read(SecretFiles.Folder))));
        sources.Insert(environment, Memory(FromDotEnv(DotEnvFile.Location)));

        // Weakest of all. Where ports are given (container images do), an address would win over them.
        if (configuration["http_ports"] is null && configuration["https_ports"] is null)
        {
            sources.Insert(0, Memory(new() { ["urls"] = DefaultAddress }));
        }
    }

    /// <summary>The settings of a <c>.env</c> file; none when there is no such file.</summary>
    public static Dictionary<string, string?> FromDotEnv(string path) => FromNames(DotEnvFile.Read(path));

    /// <summary>The setting that a variable stands for.</summary>
    public static string KeyOf(string variable) => Aliases.GetValueOrDefault(variable) ?? variable.Replace("__", ":", StringComparison.Ordinal);

    /// <summary>An alias that is set to nothing (a copied <c>.env.example</c>) counts as not set.</summary>
    public static Dictionary<string, string?> FromAliases(Func<string, string?> variable) =>
        Aliases
            .Select(alias => (alias.Value, Given: variable(alias.Key)))
            .Where(alias => !string.IsNullOrWhiteSpace(alias.Given))
            .ToDictionary(alias => alias.Value, alias => alias.Given, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string?> FromNames(Dictionary<string, string> variables)
    {
        var settings = FromAliases(name => variables.GetValueOrDefault(name));
        foreach (var (name, value) in variables.Where(variable => !Aliases.ContainsKey(variable.Key)))
        {
            settings[KeyOf(name)] = value;
        }

        return settings;
    }

    private static MemoryConfigurationSource Memory(Dictionary<string, string?> settings) => new() { InitialData = settings };
}
