using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>A misspelt section is passed over as a whole. Sections of others are none of our business; those that are nearly ours are.</summary>
internal static class UnknownSections
{
    public static void Check(IConfiguration configuration, SettingsReport report)
    {
        var ours = SettingsCheck.Sections.Select(section => section.Name).ToList();
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
