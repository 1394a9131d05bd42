using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Formats;

/// <summary>Writes gauges as OpenMetrics. Durations are in seconds. A gauge without any value is omitted.</summary>
internal sealed class OpenMetricsText
{
    public const string End = "# EOF\n";
    public const double MillisecondsPerSecond = 1000;
    public const string Seconds = "seconds";

    private readonly StringBuilder _text = new();

    /// <summary>Writes the gauge of a field. A field with a name that ends with Ms is in milliseconds and is written in seconds.</summary>
    /// <param name="field">The JSON name of the field.</param>
    /// <param name="samples">The value for each label set. Null values are omitted.</param>
    public void WriteField(string prefix, string field, string help, IEnumerable<(string Labels, double? Value)> samples)
    {
        if (field.EndsWith("Ms", StringComparison.Ordinal))
        {
            Write($"{prefix}{Snake(field[..^2])}_seconds", help, Seconds, samples.Select(sample => (sample.Labels, sample.Value / MillisecondsPerSecond)));
        }
        else
        {
            Write(prefix + Snake(field), help, null, samples);
        }
    }

    public void Write(string name, string help, string? unit, IEnumerable<(string Labels, double? Value)> samples)
    {
        var isDescribed = false;
        foreach (var (labels, value) in samples)
        {
            if (value is not { } number)
            {
                continue;
            }

            if (!isDescribed)
            {
                Describe(name, help, unit);
                isDescribed = true;
            }

            _text.Append(name).Append(labels).Append(' ').Append(number.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    /// <summary>Writes a gauge without labels.</summary>
    public void Write(string name, string help, string? unit, double value) => Write(name, help, unit, [("", value)]);

    public void Write(string name, string help, bool value) => Write(name, help, null, value ? 1 : 0);

    public void Write(string name, string help, Instant value) => Write(name, help, Seconds, value.ToUnixTimeMilliseconds() / MillisecondsPerSecond);

    /// <summary>Writes the number of warnings by code, because scrapers see neither headers nor meta.</summary>
    public void WriteWarnings(string prefix, IEnumerable<string> codes) => Write(
        $"{prefix}data_warnings", "Warnings of the response by code. The same query in another format has their texts.", null,
        codes.CountBy(code => code).Select(count => (LabelsOf([("code", count.Key)]), (double?)count.Value)));

    public override string ToString() => _text.ToString();

    /// <summary>The label set of a series, without the labels that have no value.</summary>
    public static string LabelsOf(IEnumerable<(string Name, string? Value)> labels)
    {
        var all = string.Join(',', labels.Where(label => label.Value is not null).Select(label => $"{label.Name}=\"{Escaped(label.Value!)}\""));
        return all.Length == 0 ? "" : $"{{{all}}}";
    }

    public static string Snake(string camel) => string.Concat(camel.Select(letter => char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private void Describe(string name, string help, string? unit)
    {
        _text.Append("# TYPE ").Append(name).Append(" gauge\n");
        if (unit is not null)
        {
            _text.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
        }

        _text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(help)).Append('\n');
    }

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
