using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>Looks at all settings of ours at once, before anything uses one of them.</summary>
internal static class SettingsValidation
{
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        new(GenesysOptions.Section, typeof(GenesysOptions)),
        new(AggregatesOptions.Section, typeof(AggregatesOptions)),
        new(AuthOptions.Section, typeof(AuthOptions)),
        new(CallersOptions.Section, typeof(CallersOptions)),
        new(CorsPolicyOptions.Section, typeof(CorsPolicyOptions)),
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

        GenesysOptionsValidator.Check(Readable<GenesysOptions>(configuration, GenesysOptions.Section, report), environment, clients, report);
        AggregatesOptionsValidator.Check(Readable<AggregatesOptions>(configuration, AggregatesOptions.Section, report), report);
        AuthOptionsValidator.Check(configuration, environment, report);
        CallersOptionsValidator.Check(Readable<CallersOptions>(configuration, CallersOptions.Section, report), report);
        CacheOptionsValidator.Check(Readable<CacheOptions>(configuration, CacheOptions.Section, report), report);
        LimitsOptionsValidator.Check(Readable<LimitsOptions>(configuration, LimitsOptions.Section, report), report);
        ErrorsOptionsValidator.Check(Readable<ErrorsOptions>(configuration, ErrorsOptions.Section, report), environment, report);
        OpenApiOptionsValidator.Check(Readable<OpenApiOptions>(configuration, OpenApiOptions.Section, report), report);
        ServerAddressValidator.Check(configuration, report);
        LogLevelValidator.Check(configuration, report);
        TelemetryOptionsValidator.Check(configuration, report);
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

/// <summary>A misspelt section is passed over as a whole. Sections of others are none of our business; those that are nearly ours are.</summary>
internal static class UnknownSections
{
    public static void Check(IConfiguration configuration, SettingsReport report)
    {
        var ours = SettingsValidation.Sections.Select(section => section.Name).ToList();
        foreach (var section in configuration.GetChildren().Where(section => section.GetChildren().Any()))
        {
            var closest = EditDistance.Closest(section.Key, ours, 1)[0];
            if (EditDistance.Between(section.Key, closest) is > 0 and var apart && apart <= (closest.Length > 4 ? 2 : 1) && !ours.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                report.Add(SettingsReport.Escaped(section.Key), $"is not a section of settings; the closest is {closest}.");
            }
        }
    }
}
