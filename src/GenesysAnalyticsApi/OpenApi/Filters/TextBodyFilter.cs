using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Describes the body of an operation with <see cref="TextBodyMetadata"/>.</summary>
internal sealed class TextBodyFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.Metadata<TextBodyMetadata>().SingleOrDefault() is not { } body)
        {
            return;
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Description = body.Description,
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [body.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = body.Example },
            },
        };
    }
}
