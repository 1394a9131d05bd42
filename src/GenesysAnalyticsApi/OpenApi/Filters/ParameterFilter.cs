using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Adds <see cref="ParameterMetadata"/> to the document. Examples are in the description and in list items: "Try it out" in Swagger UI fills in every
/// other <c>example</c>, although from, interval, last and period exclude each other. Defaults are filled in as well, which gives the same query as
/// omitting them.
/// </summary>
internal sealed class ParameterFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var facts = context.Metadata<IReadOnlyDictionary<string, ParameterMetadata>>().SelectMany(parameters => parameters).ToDictionary(StringComparer.Ordinal);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            // The generated binding calls lists required; without values, they are empty.
            parameter.Required = parameter.In == ParameterLocation.Path;
            if (facts.TryGetValue(parameter.Name!, out var known))
            {
                Describe(parameter, known);
            }
        }
    }

    private static void Describe(OpenApiParameter parameter, ParameterMetadata facts)
    {
        parameter.Description = $"{parameter.Description} For example `{facts.Example}`.";
        parameter.Example = null;
        parameter.Schema = parameter.Schema?.Type == JsonSchemaType.Array
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = Scalar(facts, facts.Example),
                MaxItems = facts.MaxItems,
                Default = facts.Default is { } items ? new JsonArray([.. items.Split(',').Select(item => JsonValue.Create(item))]) : null,
            }
            : Scalar(facts with { MaxItems = null }, example: null, facts.Default);
    }

    private static OpenApiSchema Scalar(ParameterMetadata facts, string? example, string? usual = null) => new()
    {
        Type = facts.IsSwitch ? JsonSchemaType.Boolean : facts.Range is null ? JsonSchemaType.String : JsonSchemaType.Integer,
        Format = facts.Range is null ? facts.Format : "int32",
        Minimum = facts.Range?.Least.ToString(CultureInfo.InvariantCulture),
        Maximum = facts.Range?.Most.ToString(CultureInfo.InvariantCulture),
        Enum = facts.Values is null || facts.IsSwitch ? null : [.. facts.Values.Select(value => (JsonNode)value)],
        Examples = example is null ? null : [example],
        Default = usual is null ? null : facts.IsSwitch || facts.Range is not null ? JsonNode.Parse(usual) : usual,
    };
}
