using System.Text.Json.Nodes;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Describes the parameters of an operation with <see cref="QueryBodyMetadata"/> as members of its JSON body. Runs after <see cref="ParameterFilter"/>,
/// which describes the parameters.
/// </summary>
internal sealed class QueryBodyFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.Metadata<QueryBodyMetadata>().SingleOrDefault() is not { } body)
        {
            return;
        }

        // Only query parameters become members of the body. Header parameters stay parameters of the operation.
        var inUrl = operation.Parameters!.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query).ToList();
        var members = inUrl.ToDictionary(parameter => parameter.Name!, MemberOf, StringComparer.Ordinal);
        operation.Parameters = [.. operation.Parameters!.Except(inUrl)];
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = body.Description,
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = context.SchemaRepository.AddDefinition(body.SchemaName, new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Description = body.Description,
                        Properties = members,
                        AdditionalPropertiesAllowed = false,
                    }),
                    Example = JsonNode.Parse(body.Example),
                },
            },
        };
    }

    private static IOpenApiSchema MemberOf(OpenApiParameter parameter)
    {
        var schema = (OpenApiSchema)parameter.Schema!;
        schema.Description = parameter.Description;
        return schema;
    }
}
