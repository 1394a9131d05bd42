using System.Text.Json;
using Place = GenesysAnalyticsApi.Genesys.AggregateFactsPlace;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>What may stand where an object or a list is due: that, or null, which is as good as absent.</summary>
internal static class AggregateFactsSyntax
{
    public static bool IsEnd(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.EndObject;

    public static Place Array(ref Utf8JsonReader json, Place inside, Place absent, string name) => json.TokenType switch
    {
        JsonTokenType.StartArray => inside,
        JsonTokenType.Null => absent,
        _ => throw GenesysFailures.Unreadable($"'{name}' is not a list"),
    };

    public static Place Object(ref Utf8JsonReader json, Place inside, Place absent, string name) => json.TokenType switch
    {
        JsonTokenType.StartObject => inside,
        JsonTokenType.Null => absent,
        _ => throw GenesysFailures.Unreadable($"'{name}' is not an object"),
    };
}
