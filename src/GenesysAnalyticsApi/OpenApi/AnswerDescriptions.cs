using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>Describes an answer in the words of its endpoint, or else by what it consists of. Swashbuckle gives the name of the status only.</summary>
internal sealed class AnswerDescriptions : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var said = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>()
            .Where(metadata => metadata.Description is not null)
            .ToLookup(metadata => metadata.StatusCode.ToString(CultureInfo.InvariantCulture), metadata => metadata.Description);
        foreach (var (status, response) in operation.Responses ?? [])
        {
            IOpenApiMediaType? json = null;
            response.Content?.TryGetValue("application/json", out json);
            var consists = json?.Schema is OpenApiSchemaReference { Reference.Id: { } id } ? context.SchemaRepository.Schemas[id].Description : null;
            if (response is OpenApiResponse described && (said[status].FirstOrDefault() ?? consists) is { } words)
            {
                described.Description = words;
            }
        }
    }
}
