using GenesysAnalyticsApi.Configuration;
using Serilog;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Checks the log levels. Serilog throws an exception at the first level that it cannot parse, and ignores a misspelled key. The levels of the framework have
/// no effect, but must be valid.
/// </summary>
internal static class LogLevelValidator
{
    private const string Levels = "Serilog:MinimumLevel";

    private static readonly string[] Sections =
        ["MinimumLevel", "LevelSwitches", "FilterSwitches", "Using", "WriteTo", "AuditTo", "Enrich", "Filter", "Destructure", "Properties"];

    private static readonly string[] LevelKeys = ["Default", "Override", "ControlledBy"];

    public static void Check(IConfiguration configuration, SettingsReport report)
    {
        CheckNames(configuration.GetSection("Serilog"), Sections, report);
        CheckNames(configuration.GetSection(Levels), LevelKeys, report);

        var levels = configuration.GetSection($"{Levels}:Override").GetChildren()
            .Append(configuration.GetSection(Levels))
            .Append(configuration.GetSection($"{Levels}:Default"));
        foreach (var level in levels.Where(level => level.Value is { Length: > 0 } value && !IsSerilog(level.Path, value)))
        {
            report.Add(level.Path, level.Value!, $"is not a log level. Give one of {string.Join(", ", Enum.GetNames<LogEventLevel>())}.");
        }

        var framework = configuration.GetSection("Logging").GetChildren()
            .SelectMany(entry => entry.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase) ? [entry] : entry.GetChildren().Where(inner => inner.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase)))
            .SelectMany(section => section.GetChildren());
        foreach (var level in framework.Where(level => level.Value is { Length: > 0 } value && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _)))
        {
            report.Add(level.Path, level.Value!, $"is not a log level. This service reads only {Levels}: remove this setting, or give one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
    }

    private static void CheckNames(IConfigurationSection section, string[] known, SettingsReport report)
    {
        foreach (var entry in section.GetChildren().Where(entry => !known.Contains(entry.Key, StringComparer.OrdinalIgnoreCase) && entry.Key is not ['$', ..]))
        {
            report.AddUnknown(entry, section.Path, known);
        }
    }

    // Serilog also accepts switches and, depending on its release, further words. This method therefore lets Serilog parse the value.
    private static bool IsSerilog(string path, string value)
    {
        if (Enum.GetNames<LogEventLevel>().Contains(value, StringComparer.OrdinalIgnoreCase) || value is ['$', ..])
        {
            return true;
        }

        try
        {
            var singleSetting = new ConfigurationBuilder().AddInMemoryCollection([new(path, value)]).Build();
            _ = new LoggerConfiguration().ReadFrom.Configuration(singleSetting);
            return true;
        }
        catch (Exception unreadable) when (unreadable is InvalidOperationException or ArgumentException or FormatException)
        {
            return false;
        }
    }
}
