using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>The models of requests in Genesys' official SDK. Genesys rejects everything that they do not contain.</summary>
internal static class OfficialModels
{
    private static readonly JsonObject Models = JsonNode.Parse(Repository.Read("src/GenesysSimulator/Contract/contract.json"))!.AsObject();

    /// <summary>Everything in <paramref name="value"/> that a model does not allow, with its path.</summary>
    public static IEnumerable<string> Violations(string model, JsonNode? value, string place = "$")
    {
        if (value is not JsonObject body)
        {
            return [$"{place} is not an object"];
        }

        var properties = Models[model]!["props"]!.AsObject();
        return body.SelectMany(member => properties[member.Key] is { } type
            ? OfType(model, type.GetValue<string>().TrimEnd('?'), member.Value, $"{place}.{member.Key}")
            : [$"{place}.{member.Key} is not a property of {model}"]);
    }

    private static IEnumerable<string> OfType(string model, string type, JsonNode? value, string place)
    {
        if (type.StartsWith("List<", StringComparison.Ordinal))
        {
            return value is JsonArray list
                ? list.SelectMany((item, index) => OfType(model, type[5..^1], item, $"{place}[{index}]"))
                : [$"{place} is not a list"];
        }

        if (Models.ContainsKey(type))
        {
            return Violations(type, value, place);
        }

        if (Models[model]!["enums"]!.AsObject()[type] is JsonArray known)
        {
            return known.Any(name => name!.GetValue<string>() == value?.GetValue<string>()) ? [] : [$"{place} has '{value}', which is not a {type}"];
        }

        var isOfKind = value is JsonValue plain && type switch
        {
            "string" => plain.TryGetValue<string>(out _),
            "int" => plain.TryGetValue<int>(out _),
            "bool" => plain.TryGetValue<bool>(out _),
            _ => plain.TryGetValue<double>(out _),
        };
        return isOfKind ? [] : [$"{place} is not a {type}: {value?.ToJsonString() ?? "null"}"];
    }
}
