using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// Reads names, addresses, numbers, subjects, notes and attributes, if the request asks for personal data. The keys are Genesys' field names, and
/// <c>attributes.NAME</c> for attributes. The items of a list are joined into one text. Values that are not text are ignored.
/// </summary>
internal static class DetailPersonalData
{
    public static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;

    private const int MaxTextLength = 2_000;
    private const int MaxItems = 100;

    // Genesys truncates the names and values of attributes to 1,024 characters.
    private const int MaxAttributeLength = 1_024;
    private const int MaxAttributes = 500;

    private static readonly string[] SessionMembers =
    [
        "addressFrom", "addressOther", "addressSelf", "addressTo", "ani", "bcc", "callbackNumbers", "callbackUserName", "cc", "destinationAddresses", "dnis",
        "remote", "remoteNameDisplayable", "sessionDnis",
    ];

    public static ImmutableSortedDictionary<string, string> OfParticipant(JsonElement participant)
    {
        var names = Of(participant, ["participantName"]);
        if (participant.Member("attributes") is not { ValueKind: JsonValueKind.Object } attributes)
        {
            return names;
        }

        var data = names.ToBuilder();
        foreach (var attribute in attributes.EnumerateObject().Take(MaxAttributes))
        {
            if (ReplyJson.NameOf(attribute, MaxAttributeLength) is { } name && attribute.Value.ValueKind == JsonValueKind.String)
            {
                data[$"attributes.{name}"] = ReplyJson.Of(attribute.Value, MaxAttributeLength, out _);
            }
        }

        return data.ToImmutable();
    }

    public static ImmutableSortedDictionary<string, string> OfSession(JsonElement session) => Of(session, SessionMembers);

    public static ImmutableSortedDictionary<string, string> OfSegment(JsonElement segment) => Of(segment, ["subject", "wrapUpNote"]);

    private static ImmutableSortedDictionary<string, string> Of(JsonElement owner, IEnumerable<string> names) => names
        .Select(name => (Name: name, Text: TextOf(owner.Member(name))))
        .Where(member => !string.IsNullOrEmpty(member.Text))
        .ToImmutableSortedDictionary(member => member.Name, member => member.Text!, StringComparer.Ordinal);

    private static string? TextOf(JsonElement? member) => member switch
    {
        { ValueKind: JsonValueKind.String } text => ReplyJson.Of(text, MaxTextLength, out _),
        { ValueKind: JsonValueKind.Array } list => ReplyJson.Cut(
            string.Join(", ", list.EnumerateArray().Take(MaxItems).Where(item => item.ValueKind == JsonValueKind.String).Select(item => ReplyJson.Of(item, MaxTextLength, out _))),
            MaxTextLength),
        _ => null,
    };
}
