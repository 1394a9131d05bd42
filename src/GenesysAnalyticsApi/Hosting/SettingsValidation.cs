using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.Mcp;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Reconciliation;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>Checks all settings at once, before the host is built.</summary>
internal static class SettingsValidation
{
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        new(GenesysOptions.Section, typeof(GenesysOptions)),
        new(AggregatesOptions.Section, typeof(AggregatesOptions)),
        new(JobsOptions.Section, typeof(JobsOptions)),
        new(ConversationsOptions.Section, typeof(ConversationsOptions)),
        new(ObservationsOptions.Section, typeof(ObservationsOptions)),
        new(ReconciliationOptions.Section, typeof(ReconciliationOptions)),
        new(AlertsOptions.Section, typeof(AlertsOptions)),
        new(McpOptions.Section, typeof(McpOptions)),
        new(AuthOptions.Section, typeof(AuthOptions)),
        new(CallerRateLimitOptions.Section, typeof(CallerRateLimitOptions)),
        new(CorsPolicyOptions.Section, typeof(CorsPolicyOptions)),
        new(CacheStorageOptions.Section, typeof(CacheStorageOptions)),
        new(RequestLimitsOptions.Section, typeof(RequestLimitsOptions)),
        new(ErrorsOptions.Section, typeof(ErrorsOptions)),
        new(OpenApiOptions.Section, typeof(OpenApiOptions)),
    ];

    /// <returns>One message per invalid setting, with its key, its value unless that is secret, and the remedy; empty if all settings are valid.</returns>
    /// <param name="clients">The clients that this build contains.</param>
    public static IReadOnlyList<string> FindFaults(IConfiguration configuration, IHostEnvironment environment, IReadOnlyCollection<GenesysClient> clients)
    {
        var report = new SettingsReport();
        DotEnvFile.Check(DotEnvFile.Location, report);
        SecretFiles.Check(report);
        SettingsSources.CheckAliases(report);
        CheckSectionNames(configuration, report);
        var options = Sections.Select(section => section.Check(configuration, report)).ToList();

        GenesysOptionsValidator.Check(options.OfType<GenesysOptions>().Single(), environment, clients, report);
        AuthOptionsValidator.Check(configuration, environment, report);
        AlertsOptionsValidator.Check(configuration, report);
        ErrorsOptionsValidator.Check(options.OfType<ErrorsOptions>().Single(), environment, report);
        ServerAddressValidator.Check(configuration, report);
        LogLevelValidator.Check(configuration, report);
        TelemetryOptionsValidator.Check(configuration, report);
        return report.Faults;
    }

    /// <summary>
    /// Reports misspelled sections, because they would be ignored. A section of another program is accepted unless its name resembles a name in
    /// <see cref="Sections"/>.
    /// </summary>
    private static void CheckSectionNames(IConfiguration configuration, SettingsReport report)
    {
        var known = Sections.Select(section => section.Name).ToList();
        foreach (var section in configuration.GetChildren().Where(section => section.GetChildren().Any()))
        {
            var closest = known.MinBy(name => EditDistance.Relative(section.Key, name))!;
            if (!known.Contains(section.Key, StringComparer.OrdinalIgnoreCase) && EditDistance.Between(section.Key, closest) <= (closest.Length > 4 ? 2 : 1))
            {
                report.Add(SettingsReport.Escaped(section.Key), $"is not a settings section of this service; the closest name is {closest}.");
            }
        }
    }
}
