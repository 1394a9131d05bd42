using System.Globalization;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Adds <see cref="ParameterMetadata"/> to the document. Examples are only in the description and in list items: "Try it out" in Swagger UI fills in an
/// <c>example</c> anywhere else, although from, interval, last and period exclude each other. Swagger UI also fills in defaults, but these do not change the
/// query.
/// </summary>
internal sealed class ParameterFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadataByName = context.Metadata<IReadOnlyDictionary<string, ParameterMetadata>>().SelectMany(parameters => parameters).ToDictionary(StringComparer.Ordinal);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            // ASP.NET Core describes lists as required, but a list without values is valid.
            parameter.Required = parameter.In == ParameterLocation.Path;
            if (metadataByName.TryGetValue(parameter.Name!, out var metadata))
            {
                Describe(parameter, metadata);
            }
        }
    }

    private static void Describe(OpenApiParameter parameter, ParameterMetadata metadata)
    {
        parameter.Description = $"{parameter.Description} For example `{metadata.Example}`.";
        parameter.Example = null;
        parameter.Schema = parameter.Schema?.Type == JsonSchemaType.Array
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = Scalar(metadata, metadata.Example),
                MaxItems = metadata.MaxItems,
                Default = metadata.Default is { } items ? new JsonArray([.. items.Split(',').Select(item => JsonValue.Create(item))]) : null,
            }
            : Scalar(metadata with { MaxItems = null }, example: null, metadata.Default);
    }

    private static OpenApiSchema Scalar(ParameterMetadata metadata, string? example, string? defaultValue = null) => new()
    {
        Type = metadata.IsSwitch ? JsonSchemaType.Boolean : metadata.Range is null ? JsonSchemaType.String : JsonSchemaType.Integer,
        Format = metadata.Range is null ? metadata.Format : "int32",
        Minimum = metadata.Range?.Least.ToString(CultureInfo.InvariantCulture),
        Maximum = metadata.Range?.Most.ToString(CultureInfo.InvariantCulture),
        Enum = metadata.Values is null || metadata.IsSwitch ? null : [.. metadata.Values.Select(value => (JsonNode)value)],
        Examples = example is null ? null : [example],
        Default = defaultValue is null ? null : metadata.IsSwitch || metadata.Range is not null ? JsonNode.Parse(defaultValue) : defaultValue,
    };
}
