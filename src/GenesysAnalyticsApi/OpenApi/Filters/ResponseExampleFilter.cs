using System.Globalization;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Adds an example to every successful JSON response without one. The example is built from the examples of the fields in the comments of the records. A list
/// contains one item. A field without an example is omitted if it is optional. Otherwise, its example is built from its parts, or is null.
/// </summary>
internal sealed class ResponseExampleFilter : IDocumentFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var mediaTypes = swaggerDoc.Paths
            .SelectMany(path => path.Value.Operations ?? [])
            .SelectMany(operation => operation.Value.Responses ?? [])
            .Where(response => response.Key is ['2', ..])
            .SelectMany(response => response.Value.Content ?? new Dictionary<string, IOpenApiMediaType>())
            .Where(content => content.Key == Json)
            .Select(content => content.Value)
            .OfType<OpenApiMediaType>();
        foreach (var mediaType in mediaTypes)
        {
            mediaType.Example ??= ExampleOf(mediaType.Schema!, context.SchemaRepository);
        }
    }

    private static JsonNode? ExampleOf(IOpenApiSchema schema, SchemaRepository schemas)
    {
        if (schema.Examples is [var example, ..])
        {
            return example.DeepClone();
        }

        var definition = schema switch
        {
            OpenApiSchemaReference { Reference.Id: { } id } => schemas.Schemas[id],
            // NullableSchemaFilter writes a nullable object as the schema of the object, followed by the schema of null.
            { OneOf: [var objectSchema, _] } => objectSchema,
            _ => null,
        };
        return definition is not null ? ExampleOf(definition, schemas)
            : schema.Enum is [var first, ..] ? first?.DeepClone()
            : schema.Items is not null ? new JsonArray(ExampleOf(schema.Items, schemas))
            : schema.Properties is not null ? ExampleOfObject(schema, schemas)
            : null;
    }

    private static JsonObject ExampleOfObject(IOpenApiSchema schema, SchemaRepository schemas) => new(schema.Properties!
        .Where(property => schema.Required?.Contains(property.Key) == true || property.Value.Examples is [_, ..])
        .Select(property => KeyValuePair.Create(property.Key, ExampleOf(property.Value, schemas))));
}

/// <summary>
/// Describes responses with the description that the endpoint declares, or else with the description of their schema. Swashbuckle writes only the name of the
/// status.
/// </summary>
internal sealed class ResponseDescriptionFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var declared = context.Metadata<IProducesResponseTypeMetadata>()
            .Where(metadata => metadata.Description is not null)
            .ToLookup(metadata => metadata.StatusCode.ToString(CultureInfo.InvariantCulture), metadata => metadata.Description);
        foreach (var (status, response) in operation.Responses ?? [])
        {
            IOpenApiMediaType? json = null;
            response.Content?.TryGetValue("application/json", out json);
            var schemaDescription = json?.Schema is OpenApiSchemaReference { Reference.Id: { } id } ? context.SchemaRepository.Schemas[id].Description : null;
            if (response is OpenApiResponse described && (declared[status].FirstOrDefault() ?? schemaDescription) is { } description)
            {
                described.Description = description;
            }
        }
    }
}
