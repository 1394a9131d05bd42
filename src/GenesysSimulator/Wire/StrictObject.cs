using System.Collections.Frozen;
using System.Text.Json;
using GenesysSimulator.Contract;

namespace GenesysSimulator.Wire;

/// <summary>Reads a JSON object, and rejects members that the type of the object does not have.</summary>
internal readonly struct StrictObject
{
    private readonly JsonElement _element;
    private readonly string _type;

    public StrictObject(JsonElement element, string type, FrozenSet<string> members)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.BadRequest($"{type} must be an object.");
        }

        foreach (var member in element.EnumerateObject().Where(member => !members.Contains(member.Name)))
        {
            throw ApiException.UnknownProperty(member.Name, type);
        }

        (_element, _type) = (element, type);
    }

    public StrictObject(JsonElement element, string type)
        : this(element, type, GenesysContract.Members(type))
    {
    }

    /// <summary>Returns a member; null if the member is absent or JSON null. The SDKs omit members that are null, so null counts as absent.</summary>
    public JsonElement? Find(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string");

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public double? Number(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(name, "a number");

    public void RequireBoolean(string name)
    {
        if (Find(name) is { } value && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw Wrong(name, "true or false");
        }
    }

    public IEnumerable<JsonElement> List(string name) => Find(name) is not { } value
        ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, "an array");

    public string? OneOf(string name, FrozenSet<string> allowed) => Text(name) is { } value ? Allowed(value, name, allowed) : null;

    public List<string> ManyOf(string name, FrozenSet<string> allowed)
    {
        var values = new List<string>();
        foreach (var item in List(name))
        {
            var value = item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, "an array of strings");
            values.Add(Allowed(value, name, allowed));
        }

        return values;
    }

    public ApiException Missing(string name) => ApiException.BadRequest($"{_type}: {name} is required.");

    private ApiException Wrong(string name, string kind) => ApiException.BadRequest($"{_type}: {name} must be {kind}.");

    private static string Allowed(string value, string name, FrozenSet<string> allowed) =>
        allowed.Contains(value) ? value : throw ApiException.InvalidValue(value, name, allowed.Order(StringComparer.Ordinal));
}
