using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>Reads the id and the name of a list entry.</summary>
internal static class ListEntryFields
{
    /// <summary>Names in Genesys rarely exceed a hundred characters. Much longer names would bloat memory and responses.</summary>
    public const int MaxNameLength = 500;

    public const int MaxIdLength = 100;

    /// <summary>Returns the id of an entry. If the entry has no valid id, reports that the entry was dropped, and returns null.</summary>
    /// <param name="position">Identifies the entry in messages if it has no id.</param>
    /// <param name="report">Receives the message about a dropped entry.</param>
    public static string? IdOf(JsonElement entry, string position, Action<string> report)
    {
        var id = entry.ValueKind == JsonValueKind.Object ? IdOf(entry) : null;
        if (id is null)
        {
            report($"{position} was dropped: {(entry.ValueKind == JsonValueKind.Object ? $"it has no id of up to {MaxIdLength} characters" : "it is not an object")}");
        }

        return id;
    }

    /// <summary>Returns the id, or null. Only plain text is accepted, because an id is used in filters, URLs and logs.</summary>
    public static string? IdOf(JsonElement entry) =>
        entry.Member("id") is { ValueKind: JsonValueKind.String } id
        && ReplyJson.Of(id, MaxIdLength + 1, out var isRepaired) is { Length: > 0 and <= MaxIdLength } text
        && !isRepaired && text.All(letter => !char.IsControl(letter) && !char.IsWhiteSpace(letter))
            ? text
            : null;

    /// <summary>Returns the name, repaired if necessary, or null. A name is invalid if it is present but is not text within the length limit.</summary>
    public static string? NameOf(JsonElement owner, out bool isInvalid)
    {
        var member = owner.Member("name");
        var (name, isRepaired) = member switch
        {
            { ValueKind: JsonValueKind.String } text => (ReplyJson.Of(text, MaxNameLength, out var isCut), isCut),
            { ValueKind: JsonValueKind.Number } number => (ReplyJson.Cut(number.GetRawText(), MaxNameLength), true),
            _ => (null, true),
        };
        isInvalid = member is { ValueKind: not JsonValueKind.Null } && (isRepaired || string.IsNullOrWhiteSpace(name));
        return string.IsNullOrWhiteSpace(name) ? null : name;
    }
}
