using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Adds the media types that an endpoint declares to the response with status 200.</summary>
internal sealed class ResponseMediaTypeFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var content = operation.Responses?.GetValueOrDefault("200")?.Content;
        foreach (var mediaType in context.Metadata<ResponseMediaType>())
        {
            content?.Add(mediaType.Name, new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = mediaType.IsBinary ? "binary" : null },
            });
        }
    }
}
