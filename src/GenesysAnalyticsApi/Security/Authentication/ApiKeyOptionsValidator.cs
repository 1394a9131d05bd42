using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>Checks the settings of API keys. If the service ignored a misspelled <c>Queues</c>, the key could see all queues.</summary>
internal static class ApiKeyOptionsValidator
{
    /// <param name="key">The section of one key, <c>Auth:Keys:&lt;name&gt;</c>.</param>
    public static void Check(IConfiguration configuration, IConfigurationSection key, SettingsReport report)
    {
        new SettingsSection(key.Path, typeof(ApiKeyOptions)).Check(configuration, report);
        report.AddEntries(
            key.GetSection(nameof(ApiKeyOptions.Scopes)),
            scope => CallerScopeNames.All.ContainsKey(scope) ? null : $"is none of {string.Join(", ", CallerScopeNames.All.Keys)}.");
        report.AddEntries(key.GetSection(nameof(ApiKeyOptions.Divisions)), division => GenesysId.Is(division) ? null : "is not a division's id (a GUID).");
        foreach (var _ in key.GetSection(nameof(ApiKeyOptions.Queues)).GetChildren().Where(queue => string.IsNullOrWhiteSpace(queue.Value)))
        {
            report.Add($"{key.Path}:{nameof(ApiKeyOptions.Queues)}", "has an empty entry. Give a queue's id, its name, or a pattern with *.");
        }
    }

    /// <summary>Rejects entries with the same hash: they describe one key, and the rights of that key would be undefined.</summary>
    public static void CheckTogether(IEnumerable<IConfigurationSection> keys, SettingsReport report)
    {
        var keysByHash = keys.Where(key => !report.Has(HashOf(key)))
            .GroupBy(key => key[nameof(ApiKeyOptions.Sha256)], StringComparer.OrdinalIgnoreCase)
            .Select(group => group.ToList());
        string Shown(IConfigurationSection key) => report.Shown(key.Path, key[nameof(ApiKeyOptions.Name)] ?? "");

        foreach (var group in keysByHash.Where(group => group.Count > 1))
        {
            report.Add(HashOf(group[^1]), "", $"is also the hash of {string.Join(" and of ", group[..^1].Select(Shown))}, so {Shown(group[^1])} is the same key. Remove one of them, or make a separate key with `keys new`.");
        }
    }

    private static string HashOf(IConfigurationSection key) => $"{key.Path}:{nameof(ApiKeyOptions.Sha256)}";
}
