using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// A query as a JSON object. Its members are the parameters of GET /aggregates, read from <see cref="AggregatesParameters"/> and
/// <see cref="AggregatesParameterMetadata"/>, so a new parameter automatically becomes a member. A parameter that can be repeated is an array of
/// strings, a parameter with a range is a number, a switch is a boolean, and any other parameter is a string.
/// </summary>
internal sealed class QueryBody
{
    /// <summary>The name of errors that concern the whole body.</summary>
    public const string Whole = "body";

    // A valid query has two levels. The time to parse a body grows with the number of levels.
    private const int MaxLevels = 64;

    // A body can contain thousands of wrong members. This number of messages is enough.
    private const int MaxErrors = 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Member[] Members = [.. typeof(AggregatesParameters).GetProperties()
        .Select(property => (Property: property, property.GetCustomAttribute<FromQueryAttribute>()?.Name))
        .Where(bound => bound.Name is not null)
        .Select(bound => new Member(bound.Name!, bound.Property, KindOf(bound.Name!, bound.Property)))];

    private static readonly FrozenDictionary<string, Member> ByName = Members.ToFrozenDictionary(member => member.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, string[]> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    private QueryBody()
    {
    }

    /// <summary>How a parameter is written in JSON.</summary>
    public enum MemberKind
    {
        Text,
        Number,
        Switch,
        List,
    }

    /// <summary>The members, in the order in which <see cref="QueryString"/> lists them.</summary>
    public static IReadOnlyDictionary<string, MemberKind> Kinds { get; } = Members.ToDictionary(member => member.Name, member => member.Kind, StringComparer.Ordinal);

    /// <summary>
    /// The errors by member: malformed text, unknown and repeated members, empty lists, and wrong types. <see cref="AggregatesParametersValidator"/> checks the
    /// values.
    /// </summary>
    public IReadOnlyDictionary<string, string[]> Errors => _errors.ToDictionary(error => error.Key, error => error.Value.ToArray(), StringComparer.Ordinal);

    /// <summary>
    /// The query string of the equivalent GET /aggregates. Neither the order of the members nor the layout of the body changes the query string.
    /// </summary>
    public string QueryString => _values.Count == 0 ? "" : "?" + string.Join('&', Members
        .Where(member => _values.ContainsKey(member.Name))
        .SelectMany(member => _values[member.Name].Select(value => $"{member.Name}={Uri.EscapeDataString(value)}")));

    /// <summary>A member with an example value, such as <c>"maxAge": 60</c>.</summary>
    public static string ExampleOf(string name) => $"\"{name}\": {ValueOf(ByName[name])}";

    /// <summary>The query string of the given parameters, without a question mark.</summary>
    /// <param name="parameters">An object whose properties name their parameters with <see cref="FromQueryAttribute"/>.</param>
    public static string QueryStringOf(object parameters) => string.Join('&',
        from property in parameters.GetType().GetProperties()
        let name = property.GetCustomAttribute<FromQueryAttribute>()?.Name
        where name is not null
        from value in property.GetValue(parameters) switch { string[] list => list, string text => [text], _ => Array.Empty<string>() }
        select $"{name}={Uri.EscapeDataString(value)}");

    public static QueryBody Read(ReadOnlySpan<byte> json)
    {
        var body = new QueryBody();
        try
        {
            using var document = JsonDocument.Parse(Strict.GetString(json).TrimStart('\uFEFF'), new() { MaxDepth = MaxLevels });
            body.Add(document.RootElement);
        }
        catch (JsonException invalid)
        {
            var place = $"line {invalid.LineNumber + 1}, byte {invalid.BytePositionInLine + 1}";
            body.AddError(Whole, IsTooDeep(json)
                ? $"The body is nested in more than {MaxLevels} levels at {place}: send one object whose values are strings, numbers, booleans and lists of strings, such as {{\"last\": \"PT24H\"}}."
                : $"The body is not valid JSON: see {place}.");
        }
        catch (DecoderFallbackException)
        {
            body.AddError(Whole, "The body is not valid UTF-8: encode it in UTF-8.");
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 is valid JSON, but not valid text.
            body.AddError(Whole, "The body contains an escape that is only half of a character, such as \\ud83d: write the character itself, or both of its escapes.");
        }

        return body;
    }

    /// <summary>The parameters for the validator. A value of the wrong type is included as text.</summary>
    public AggregatesParameters ToParameters()
    {
        var parameters = new AggregatesParameters();
        foreach (var (name, values) in _values)
        {
            var (_, property, kind) = ByName[name];
            property.SetValue(parameters, kind == MemberKind.List ? values : values[0]);
        }

        return parameters;
    }

    /// <summary>Whether the JSON could not be parsed because it has too many levels: it is valid up to the first value beyond the limit.</summary>
    private static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json, new JsonReaderOptions { MaxDepth = MaxLevels + 1 });
        try
        {
            while (reader.Read())
            {
                // CurrentDepth of a start token is the depth of the value that contains it.
                if (reader is { TokenType: JsonTokenType.StartObject or JsonTokenType.StartArray, CurrentDepth: MaxLevels })
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // The JSON is invalid before it exceeds the limit.
        }

        return false;
    }

    private static MemberKind KindOf(string name, PropertyInfo property) => AggregatesParameterMetadata.All[name] switch
    {
        _ when property.PropertyType == typeof(string[]) => MemberKind.List,
        { Range: not null } => MemberKind.Number,
        { IsSwitch: true } => MemberKind.Switch,
        _ => MemberKind.Text,
    };

    private void Add(JsonElement query)
    {
        if (query.ValueKind != JsonValueKind.Object)
        {
            AddError(Whole, $"'{Excerpt(query)}' is not a JSON object: send one, such as {{\"last\": \"PT24H\"}}.");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in query.EnumerateObject().TakeWhile(_ => _errors.Count < MaxErrors))
        {
            if (!ByName.TryGetValue(property.Name, out var member))
            {
                foreach (var (name, message) in UnknownParameters.Find([property.Name], AggregatesParameters.Names))
                {
                    AddError(name, message);
                }
            }
            else if (!seen.Add(property.Name))
            {
                AddError(property.Name, $"'{property.Name}' occurs more than once: give it once{(member.Kind == MemberKind.List ? ", with all values in one list" : "")}.");
            }
            else
            {
                Add(member, property.Value);
            }
        }
    }

    private void Add(Member member, JsonElement value)
    {
        switch (member.Kind, value.ValueKind)
        {
            case (MemberKind.Text, JsonValueKind.String):
                _values[member.Name] = [value.GetString()!];
                break;
            case (MemberKind.Number, JsonValueKind.Number):
            case (MemberKind.Switch, JsonValueKind.True or JsonValueKind.False):
                _values[member.Name] = [value.GetRawText()];
                break;
            case (MemberKind.List, JsonValueKind.Array):
                AddItems(member, [.. value.EnumerateArray()]);
                break;
            default:
                _values[member.Name] = [value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()];
                AddError(member.Name, $"'{Excerpt(value)}' is not {Accepted(member)}");
                break;
        }
    }

    private void AddItems(Member member, IReadOnlyList<JsonElement> items)
    {
        if (items is [])
        {
            AddError(member.Name, $"'[]' is an empty list: give a value, or omit '{member.Name}'.");
            return;
        }

        _values[member.Name] = [.. items.Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
        if (items.Index().FirstOrDefault(item => item.Item.ValueKind != JsonValueKind.String) is { Item: { ValueKind: not JsonValueKind.Undefined } wrong, Index: var index })
        {
            AddError(member.Name, $"Item {index + 1}, '{Excerpt(wrong)}', is not a string: all items must be strings, such as {ValueOf(member)}.");
        }
    }

    private static string Accepted(Member member) => member.Kind switch
    {
        MemberKind.List => $"a list of strings, such as {ValueOf(member)}.",
        MemberKind.Number => $"a number without quotation marks, such as {ValueOf(member)}.",
        MemberKind.Switch => "true or false without quotation marks.",
        _ => $"a string, such as {ValueOf(member)}.",
    };

    /// <summary>An example value in JSON.</summary>
    private static string ValueOf(Member member) => (member.Kind, AggregatesParameterMetadata.All[member.Name].Example) switch
    {
        (MemberKind.List, var example) => $"[\"{example}\"]",
        (MemberKind.Text, var example) => $"\"{example}\"",
        (_, var example) => example,
    };

    private static string Excerpt(JsonElement value) => InputExcerpt.Of(value.GetRawText());

    private void AddError(string name, string message)
    {
        if (_errors.TryGetValue(name, out var messages))
        {
            messages.Add(message);
        }
        else
        {
            _errors[name] = [message];
        }
    }

    private sealed record Member(string Name, PropertyInfo Property, MemberKind Kind);
}
