using System.Text.Json;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>Reads ids, names and times from members of a reply.</summary>
internal static class ReplyText
{
    private const int MaxTimeLength = 50;

    // Genesys Cloud has existed since 2012, so a time outside this century is an error.
    private const int FirstYear = 2000;
    private const int LastYear = 2099;

    /// <summary>
    /// The member as an id or as the name of a value, even if this service does not know the value. Only plain words are accepted, because the words appear in
    /// responses and logs, and any other text could be an address or the name of a person.
    /// </summary>
    /// <returns>Null if the member is missing or not a plain word.</returns>
    public static string? WordOf(JsonElement owner, string name, int maxLength, out bool isInvalid)
    {
        var member = owner.Member(name);
        var word = member is { } value ? WordOf(value, maxLength) : null;
        isInvalid = word is null && member is { ValueKind: not JsonValueKind.Null };
        return word;
    }

    /// <summary>The value as a plain word, or null.</summary>
    public static string? WordOf(JsonElement value, int maxLength) =>
        value.ValueKind == JsonValueKind.String && ReplyJson.Of(value, maxLength + 1, out _) is { } text && text.Length <= maxLength && IsWord(text) ? text : null;

    /// <summary>The member as a time of this century; null if the member is missing or is not such a time.</summary>
    public static Instant? InstantOf(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.Member(name) is { ValueKind: JsonValueKind.String } text ? InstantOf(ReplyJson.Of(text, MaxTimeLength, out _)) : null;

    // Accepts an offset or Z, with or without fractions of a second.
    public static Instant? InstantOf(string? text) =>
        text is { Length: <= MaxTimeLength }
        && OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: { Year: >= FirstYear and <= LastYear } time }
            ? time.ToInstant()
            : null;

    private static bool IsWord(string text) =>
        text.Any(char.IsAsciiLetterOrDigit) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
