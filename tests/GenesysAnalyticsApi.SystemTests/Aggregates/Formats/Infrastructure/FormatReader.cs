using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DuckDB.NET.Data;
using Microsoft.VisualBasic.FileIO;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;

/// <summary>
/// Reads responses with code other than the code that wrote them. A record is a map from field to text; numbers are printed in full, and null stays null.
/// </summary>
internal static class FormatReader
{
    public static List<Dictionary<string, string?>> Json(byte[] body) =>
        [.. JsonNode.Parse(body)!["records"]!.AsArray().Select(record => Flat(record!.AsObject()))];

    /// <summary>The records of NDJSON, without the last line, which contains the metadata.</summary>
    public static List<Dictionary<string, string?>> Ndjson(byte[] body) =>
        [.. Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1].Select(line => Flat(JsonNode.Parse(line)!.AsObject()))];

    public static List<Dictionary<string, string?>> Csv(byte[] body)
    {
        using var parser = new TextFieldParser(new MemoryStream(body), Encoding.UTF8) { HasFieldsEnclosedInQuotes = true, Delimiters = [","], TrimWhiteSpace = false };
        var names = parser.ReadFields()!;
        var records = new List<Dictionary<string, string?>>();
        while (!parser.EndOfData)
        {
            records.Add(names.Zip(parser.ReadFields()!).ToDictionary(cell => cell.First, cell => cell.Second.Length == 0 ? null : Number(cell.Second)));
        }

        return records;
    }

    /// <summary>The cells of a sheet as the file stores them: numbers, booleans as 1 or 0, times as days since 1900, and text.</summary>
    public static List<List<string?>> Sheet(byte[] body, int sheet)
    {
        using var zip = new ZipArchive(new MemoryStream(body));
        using var content = zip.GetEntry($"xl/worksheets/sheet{sheet}.xml")!.Open();
        XNamespace main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        return [.. XDocument.Load(content).Descendants(main + "row").Select(row => row.Elements(main + "c")
            .Select(cell => cell.Descendants(main + "t").FirstOrDefault()?.Value ?? cell.Element(main + "v")?.Value).ToList())];
    }

    public static List<Dictionary<string, string?>> Parquet(byte[] body)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.parquet");
        File.WriteAllBytes(file, body);
        try
        {
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test creates the path.
            command.CommandText = $"SELECT * FROM read_parquet('{file}')";
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var records = new List<Dictionary<string, string?>>();
            while (reader.Read())
            {
                records.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : Text(reader.GetValue(i), reader.GetDataTypeName(i))));
            }

            return records;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The series of an OpenMetrics text: name with labels, and value.</summary>
    public static Dictionary<string, double> OpenMetrics(byte[] body) => Encoding.UTF8.GetString(body)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static Dictionary<string, string?> Flat(JsonObject record, string prefix = "") => record
        .SelectMany(field => field.Value is JsonObject nested
            ? Flat(nested, $"{prefix}{field.Key}.").AsEnumerable()
            : [KeyValuePair.Create(prefix + field.Key, field.Value is null ? null : Number(field.Value.ToString()))])
        .ToDictionary(field => field.Key, field => field.Value);

    private static string Text(object value, string type) => value switch
    {
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + (type.EndsWith("TZ", StringComparison.OrdinalIgnoreCase) || type.EndsWith("TIME ZONE", StringComparison.OrdinalIgnoreCase) ? "Z" : ""),
        _ => Number(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    /// <summary>The same text for equal doubles, however they were printed.</summary>
    private static string Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && text.Any(char.IsAsciiDigit)
        ? number.ToString("R", CultureInfo.InvariantCulture)
        : text;
}
