using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;
using ModelContextProtocol.Server;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.Mcp.Protocol;

/// <summary>
/// Describes the properties of the output schemas with their documentation comments, from which the OpenAPI document takes its descriptions too. A property that
/// repeats a field of the HTTP API inherits the comment of that field (<c>inheritdoc</c>), so that there is no second text.
/// </summary>
internal static class SchemaDescriptions
{
    private static readonly Lazy<Dictionary<string, XElement>> Comments = new(() =>
        XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{typeof(SchemaDescriptions).Assembly.GetName().Name}.xml")).Descendants("member")
            .Where(member => member.Attribute("name")!.Value.StartsWith("P:", StringComparison.Ordinal) && member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!, StringComparer.Ordinal));

    /// <summary>Describes the output schema of every tool.</summary>
    public static void Describe(McpServerOptions options)
    {
        foreach (var tool in options.ToolCollection ?? [])
        {
            if (tool.ProtocolTool.OutputSchema is { } output)
            {
                var schema = JsonObject.Create(output)!;
                Describe(schema, schema, ResultOf(tool.Metadata.OfType<MethodInfo>().First().ReturnType));
                tool.ProtocolTool.OutputSchema = JsonSerializer.SerializeToElement(schema);
            }
        }
    }

    private static Type ResultOf(Type returned) => returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>) ? returned.GetGenericArguments()[0] : returned;

    private static void Describe(JsonObject root, JsonObject schema, Type type)
    {
        var described = Nullable.GetUnderlyingType(type) ?? type;
        foreach (var property in described.Assembly == typeof(SchemaDescriptions).Assembly ? described.GetProperties() : [])
        {
            if (schema["properties"]?[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] is JsonObject child)
            {
                child["description"] = TextOf(property);
                if (property.GetCustomAttribute<RecordFieldsAttribute>() is { } fields)
                {
                    fields.Describe(root, child);
                }

                Describe(root, child, property.PropertyType);
            }
        }

        if (schema["items"] is JsonObject items && described.IsGenericType)
        {
            Describe(root, items, described.GetGenericArguments()[0]);
        }
    }

    private static string? TextOf(PropertyInfo property)
    {
        var summary = Comments.Value.GetValueOrDefault(XmlCommentsNodeNameHelper.GetMemberNameForFieldOrProperty(property));
        while (summary?.Element("inheritdoc")?.Attribute("cref")?.Value is { } source)
        {
            summary = Comments.Value.GetValueOrDefault(source);
        }

        return summary is null ? null : XmlCommentsTextHelper.Humanize(string.Concat(summary.Nodes())).ReplaceLineEndings(" ");
    }
}

/// <summary>Describes an argument of a tool with the text of the parameter of the HTTP API that has the same meaning.</summary>
/// <param name="parameters">The type with the parameters of the endpoint.</param>
/// <param name="name">The property of the parameter.</param>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ParameterTextAttribute(Type parameters, string name) : DescriptionAttribute
{
    private static readonly Dictionary<Type, IReadOnlyDictionary<string, ParameterMetadata>> Metadata = new()
    {
        [typeof(AggregatesParameters)] = AggregatesParameterMetadata.All,
        [typeof(ConversationsParameters)] = ConversationsParameterMetadata.All,
        [typeof(ObservationsParameters)] = ObservationsParameterMetadata.All,
    };

    public Type Parameters => parameters;

    public string Name => name;

    public override string Description
    {
        get
        {
            var property = Parameters.GetProperty(Name)!;
            var metadata = Metadata[Parameters][property.GetCustomAttribute<FromQueryAttribute>()!.Name!];
            return WithoutListsInUrls(property.GetCustomAttribute<DescriptionAttribute>()!.Description)
                + (metadata.Values is { } values ? $" Accepted values: {string.Join(", ", values)}." : $" For example {metadata.Example}.")
                + (metadata.Default is { } value ? $" Default: {value}." : "");
        }
    }

    /// <summary>Removes how a list is written in a URL, as a clause or as a sentence: an argument of a tool is a list in JSON.</summary>
    private static string WithoutListsInUrls(string text)
    {
        const string Clause = "; repeat the parameter";
        const string Sentence = " Repeat the parameter";
        if (text.IndexOf(Clause, StringComparison.Ordinal) is >= 0 and var clause)
        {
            return text.Remove(clause, text.IndexOf('.', clause) - clause);
        }

        return text.IndexOf(Sentence, StringComparison.Ordinal) is >= 0 and var sentence ? text.Remove(sentence, text.IndexOf('.', sentence) + 1 - sentence) : text;
    }
}

/// <summary>States that the members of an object are fields of records of GET /aggregates.</summary>
/// <param name="areLabels">Whether the members are labels; otherwise, they are figures.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RecordFieldsAttribute(bool areLabels) : Attribute
{
    public bool AreLabels => areLabels;

    /// <summary>Adds the definitions of the fields to the root of the schema once, because several objects have the same fields.</summary>
    public void Describe(JsonObject root, JsonObject schema)
    {
        var (name, fields, type) = AreLabels ? ("labels", RecordFieldDefinitions.Labels.AsEnumerable<RecordField>(), "string") : ("figures", RecordFieldDefinitions.Figures, "number");
        schema["$ref"] = $"#/$defs/{name}";
        var definitions = (JsonObject)(root["$defs"] ??= new JsonObject());
        definitions[name] ??= new JsonObject
        {
            ["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)new JsonObject
            {
                ["type"] = AreLabels ? type : new JsonArray(type, "null"),
                ["description"] = field.Description,
            }))),
        };
    }
}
