using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;
using Place = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Tells an answer from what only looks like one. Genesys leaves out <c>results</c> where nothing happened, and then sends nothing else; null
/// in its place, or other members without it, are no answer. An error's body has been seen under the status of a success.
/// </summary>
internal sealed class AggregatesReplyRoot
{
    private string _member = "";
    private string? _other;
    private bool _hasResults;

    public static Place TakeResults(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.StartArray ? Place.Results : throw GenesysFailures.Unreadable("'results' is not a list");

    public Place TakeKey(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.EndObject)
        {
            return _hasResults || _other is null ? Place.End : throw GenesysFailures.Unreadable($"it has no 'results' but has '{InputExcerpt.Of(_other)}'");
        }

        _member = json.GetString()!;
        if (_member != "results")
        {
            return Place.RootValue;
        }

        _hasResults = true;
        return Place.ResultsValue;
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
            throw GenesysFailures.Unreadable($"it is the body of an error, with '{_member}', although its status is a success");
        }
    }
}
