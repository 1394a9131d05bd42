using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Sharing;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Looks at all settings of ours at once, before anything uses one of them.</summary>
internal static class SettingsCheck
{
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        new(GenesysOptions.Section, typeof(GenesysOptions)),
        new(AggregatesOptions.Section, typeof(AggregatesOptions)),
        new(AuthOptions.Section, typeof(AuthOptions)),
        new(CallersOptions.Section, typeof(CallersOptions)),
        new(CrossOriginOptions.Section, typeof(CrossOriginOptions)),
        new(CacheOptions.Section, typeof(CacheOptions)),
        new(LimitsOptions.Section, typeof(LimitsOptions)),
        new(ErrorsOptions.Section, typeof(ErrorsOptions)),
        new(OpenApiOptions.Section, typeof(OpenApiOptions)),
    ];

    /// <returns>One sentence or two a fault, each with the key, its value and the remedy; empty when the service can start.</returns>
    /// <param name="clients">The clients that this build has.</param>
    public static IReadOnlyList<string> FindFaults(IConfiguration configuration, IHostEnvironment environment, IReadOnlyCollection<GenesysClient> clients)
    {
        var report = new SettingsReport();
        DotEnvFile.Check(DotEnvFile.Location, report);
        SecretFiles.Check(report);
        UnknownSections.Check(configuration, report);
        foreach (var section in Sections)
        {
            section.Check(configuration, report);
        }

        GenesysRules.Check(Readable<GenesysOptions>(configuration, GenesysOptions.Section, report), environment, clients, report);
        AggregatesRules.Check(Readable<AggregatesOptions>(configuration, AggregatesOptions.Section, report), report);
        AuthRules.Check(configuration, environment, report);
        CallersRules.Check(Readable<CallersOptions>(configuration, CallersOptions.Section, report), report);
        CacheRules.Check(Readable<CacheOptions>(configuration, CacheOptions.Section, report), report);
        LimitsRules.Check(Readable<LimitsOptions>(configuration, LimitsOptions.Section, report), report);
        ErrorsRules.Check(Readable<ErrorsOptions>(configuration, ErrorsOptions.Section, report), environment, report);
        OpenApiRules.Check(Readable<OpenApiOptions>(configuration, OpenApiOptions.Section, report), report);
        ServerRules.Check(configuration, report);
        LogRules.Check(configuration, report);
        TelemetryRules.Check(configuration, report);
        return report.Faults;
    }

    /// <summary>Binds what can be read, so that one unreadable value does not hide the other faults of its section.</summary>
    private static T Readable<T>(IConfiguration configuration, string section, SettingsReport report)
        where T : new()
    {
        var readable = configuration.GetSection(section).GetChildren()
            .Where(entry => !report.Has($"{section}:{PropertyName<T>(entry.Key)}"))
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.OrdinalIgnoreCase);

        return new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Get<T>() ?? new T();
    }

    // Keys are found whatever their case; faults are named as the code spells them.
    private static string PropertyName<T>(string key) =>
        Array.Find(typeof(T).GetProperties(), property => property.Name.Equals(key, StringComparison.OrdinalIgnoreCase))?.Name ?? key;
}
