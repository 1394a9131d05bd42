using System.Globalization;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>Collects every invalid setting, so that the operator can correct all of them at once.</summary>
internal sealed class SettingsReport
{
    private const int MaxValueLength = 100;

    private readonly List<(string Key, string Text)> _faults = [];
    private readonly HashSet<string> _secretKeys = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Faults => [.. _faults.Select(fault => fault.Text)];

    /// <summary>Hides the value of this key in later messages.</summary>
    public void MarkSecret(string key) => _secretKeys.Add(key);

    public bool Has(string key) => _faults.Any(fault => fault.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    public bool HasBelow(string section) => _faults.Any(fault => fault.Key.StartsWith($"{section}:", StringComparison.OrdinalIgnoreCase));

    public void Add(string key, string text) => _faults.Add((key, $"{key} {text}"));

    public void Add(string key, object value, string text) => _faults.Add((key, $"{Shown(key, value)} {text}"));

    /// <summary>Reports an unknown key without its value, because it could be a misspelled ClientSecret.</summary>
    /// <param name="entry">A key that is not in <paramref name="known"/>.</param>
    public void AddUnknown(IConfigurationSection entry, string section, IReadOnlyCollection<string> known) => Add(
        Escaped(entry.Path),
        DidYouMean.To(entry.Key, known) is { } closest ? $"is not a setting; the closest is {section}:{closest}." : $"is not a setting; {section} contains {string.Join(", ", known)}.");

    /// <summary>Reports the invalid entries of a list.</summary>
    /// <param name="fault">Returns why an entry is invalid, or null.</param>
    public void AddEntries(IConfigurationSection list, Func<string, string?> fault)
    {
        foreach (var entry in list.GetChildren().Select(entry => entry.Value ?? ""))
        {
            if (fault(entry) is { } text)
            {
                Add(list.Path, entry, text);
            }
        }
    }

    public void AddMissing(string key, string remedy)
    {
        if (!Has(key))
        {
            Add(key, $"is missing. {remedy} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}).");
        }
    }

    public string Shown(string key, object value) =>
        _secretKeys.Contains(key)
            ? $"{key} (value not shown)"
            : $"{key} = '{Escaped(SecretRedactor.Redact(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""))}'";

    // Messages are written to a terminal and to logs, so a value must be short and must not be able to start a new line.
    public static string Escaped(string value) => string.Concat((value.Length > MaxValueLength ? value[..MaxValueLength] + "…" : value)
        .Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : $"{character}"));
}
