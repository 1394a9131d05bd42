using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Gathers everything that is wrong, so that the operator mends it in one go.</summary>
internal sealed class SettingsReport
{
    private const int LongestValue = 100;

    // The secret itself, base addresses, since somebody may have put credentials into one, and Redis' connection string with its password.
    private static readonly string[] SecretKeys =
    [
        Key(nameof(GenesysOptions.ClientSecret)), Key(nameof(GenesysOptions.ApiBaseUrl)), Key(nameof(GenesysOptions.LoginBaseUrl)),
        $"{CacheOptions.Section}:{nameof(CacheOptions.Redis)}",
    ];

    private readonly List<(string Key, string Text)> _faults = [];

    public IReadOnlyList<string> Faults => [.. _faults.Select(fault => fault.Text)];

    public bool Has(string key) => _faults.Any(fault => fault.Key == key);

    public bool HasBelow(string section) => _faults.Any(fault => fault.Key.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase));

    public void Add(string key, string text) => _faults.Add((key, $"{key} {text}"));

    public void Add(string key, object value, string text) => _faults.Add((key, $"{Shown(key, value)} {text}"));

    /// <summary>The value is not shown: a misspelt ClientSecret is an unknown key too.</summary>
    /// <param name="entry">A key that is none of <paramref name="known"/>.</param>
    public void AddUnknown(IConfigurationSection entry, string section, IReadOnlyCollection<string> known) => Add(
        Escaped(entry.Path),
        DidYouMean.To(entry.Key, known) is { } meant ? $"is not a setting; the closest is {section}:{meant}." : $"is not a setting; {section} has {string.Join(", ", known)}.");

    public void AddMissing(string key, string remedy)
    {
        if (!Has(key))
        {
            Add(key, $"is missing. {remedy} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}).");
        }
    }

    /// <summary>Leaves a key alone whose value could not be read: its default would be judged instead.</summary>
    public void RequireRange<T>(string key, T value, T least, T most)
        where T : IComparable<T>
    {
        if (!Has(key) && (value.CompareTo(least) < 0 || value.CompareTo(most) > 0))
        {
            Add(key, value, $"is out of range. Give a value from {Text(least)} to {Text(most)}.");
        }
    }

    public static string Shown(string key, object value) =>
        SecretKeys.Contains(key) ? $"{key} (value not shown)" : $"{key} = '{Escaped(SecretRedactor.Redact(Text(value)))}'";

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    // The message goes to a terminal and to logs: a value must not be able to write lines of its own.
    public static string Escaped(string value)
    {
        var text = new StringBuilder();
        foreach (var letter in value.Length > LongestValue ? value[..LongestValue] + "…" : value)
        {
            _ = char.IsControl(letter) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : text.Append(letter);
        }

        return text.ToString();
    }

    private static string Key(string property) => $"{GenesysOptions.Section}:{property}";
}
