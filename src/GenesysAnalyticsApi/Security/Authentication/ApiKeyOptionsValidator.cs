using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>What one API key's settings must fulfil. A misspelt <c>Queues</c> would let the key see all of them.</summary>
internal static class ApiKeyOptionsValidator
{
    private const int HexOfHash = 64;

    /// <param name="key"><c>Auth:Keys:&lt;n&gt;</c>.</param>
    public static void Check(IConfiguration configuration, IConfigurationSection key, SettingsReport report)
    {
        new SettingsSection(key.Path, typeof(ApiKeyOptions)).Check(configuration, report);
        CheckName(key, report);
        CheckHash(key, report);
        foreach (var scope in Values(key, nameof(ApiKeyOptions.Scopes)).Where(scope => !CallerScopeNames.All.ContainsKey(scope)))
        {
            report.Add($"{key.Path}:{nameof(ApiKeyOptions.Scopes)}", scope, $"is none of {string.Join(", ", CallerScopeNames.All.Keys)}.");
        }

        foreach (var division in Values(key, nameof(ApiKeyOptions.Divisions)).Where(division => !GenesysId.Is(division)))
        {
            report.Add($"{key.Path}:{nameof(ApiKeyOptions.Divisions)}", division, "is not a division's id (a GUID).");
        }

        foreach (var _ in Values(key, nameof(ApiKeyOptions.Queues)).Where(string.IsNullOrWhiteSpace))
        {
            report.Add($"{key.Path}:{nameof(ApiKeyOptions.Queues)}", "has an empty entry. Give a queue's id, its name, or a pattern with *.");
        }
    }

    /// <summary>One hash is one key: its holder would have the rights of either entry, and nothing says which.</summary>
    public static void CheckTogether(IEnumerable<IConfigurationSection> keys, SettingsReport report)
    {
        var equal = keys.Where(key => IsHash(key[nameof(ApiKeyOptions.Sha256)]))
            .GroupBy(key => key[nameof(ApiKeyOptions.Sha256)], StringComparer.OrdinalIgnoreCase)
            .Select(same => same.ToList());
        foreach (var same in equal.Where(same => same.Count > 1))
        {
            report.Add(
                $"{same[^1].Path}:{nameof(ApiKeyOptions.Sha256)}",
                $"(value not shown) is the hash of {string.Join(" and of ", same[..^1].Select(NameOf))} too, so that {NameOf(same[^1])} is the same key. Keep one of them, or make a key of its own with `keys new`.");
        }
    }

    private static string NameOf(IConfigurationSection key) => SettingsReport.Shown(key.Path, key[nameof(ApiKeyOptions.Name)] ?? "");

    private static bool IsHash(string? text) => text is { Length: HexOfHash } && text.All(char.IsAsciiHexDigit);

    private static void CheckName(IConfigurationSection key, SettingsReport report)
    {
        var path = $"{key.Path}:{nameof(ApiKeyOptions.Name)}";
        var name = key[nameof(ApiKeyOptions.Name)];
        if (string.IsNullOrWhiteSpace(name))
        {
            report.AddMissing(path, "Give a name: it is in the log, and callers of one name share one rate");
        }
        else if (name.Length > 100 || name.Any(char.IsControl))
        {
            report.Add(path, name, "is no name: give at most 100 letters, none of them a control character.");
        }
    }

    // Its value stays unsaid: somebody may have pasted the key itself.
    private static void CheckHash(IConfigurationSection key, SettingsReport report)
    {
        var path = $"{key.Path}:{nameof(ApiKeyOptions.Sha256)}";
        if (!IsHash(key[nameof(ApiKeyOptions.Sha256)]))
        {
            report.Add(path, "(value not shown) is not a SHA-256 in hexadecimal, 64 digits. `keys new` prints it beside the key; the key itself belongs to its holder alone.");
        }
    }

    private static IEnumerable<string> Values(IConfigurationSection key, string list) =>
        key.GetSection(list).GetChildren().Select(entry => entry.Value ?? "");
}
