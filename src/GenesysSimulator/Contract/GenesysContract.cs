using System.Collections.Frozen;
using System.Text.Json;

namespace GenesysSimulator.Contract;

/// <summary>The member names and the enumeration values of version 270 of the official SDK.</summary>
internal static class GenesysContract
{
    private static readonly JsonElement Root = Read();

    public static FrozenSet<string> Members(string type) =>
        Root.GetProperty(type).GetProperty("props").EnumerateObject().Select(member => member.Name).ToFrozenSet(StringComparer.Ordinal);

    public static FrozenSet<string> Values(string type, string enumeration) =>
        Root.GetProperty(type).GetProperty("enums").GetProperty(enumeration).EnumerateArray()
            .Select(value => value.GetString()!).ToFrozenSet(StringComparer.Ordinal);

    private static JsonElement Read()
    {
        using var stream = typeof(GenesysContract).Assembly.GetManifestResourceStream("contract.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
