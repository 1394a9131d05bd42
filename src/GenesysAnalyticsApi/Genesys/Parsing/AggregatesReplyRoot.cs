using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;
using State = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Validates the members of the root object. Genesys omits <c>results</c> if there is no data, and then sends no other member. A null
/// <c>results</c>, or other members without it, are invalid. Error bodies with a success status have been seen.
/// </summary>
internal sealed class AggregatesReplyRoot
{
    private string _member = "";
    private string? _other;
    private bool _hasResults;

    public static State TakeResults(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.StartArray ? State.Results : throw GenesysFailures.Unreadable("'results' is not a list");

    public State TakeKey(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.EndObject)
        {
            return _hasResults || _other is null ? State.End : throw GenesysFailures.Unreadable($"it has '{InputExcerpt.Of(_other)}' but no 'results'");
        }

        _member = json.GetString()!;
        if (_member != "results")
        {
            return State.RootValue;
        }

        _hasResults = true;
        return State.ResultsValue;
    }

    public void TakeValue(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        _other = _member;
        if (_member is "message" or "code" or "status" or "error" or "errorCode")
        {
            throw GenesysFailures.Unreadable($"it has an error body with '{_member}' although its status is a success");
        }
    }
}
