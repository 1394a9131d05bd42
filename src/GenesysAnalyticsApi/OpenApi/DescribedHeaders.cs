using GenesysAnalyticsApi.Errors;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>Gives answers the headers that their endpoint names, and problems theirs. Runs after <see cref="ProblemResponses"/>.</summary>
internal sealed class DescribedHeaders : IOperationFilter
{
    private static readonly HeaderFacts NoStore = new("Cache-Control", "A problem is true of this moment only.", "no-store");

    private static readonly HeaderFacts RetryAfter = new("Retry-After", "Seconds after which asking again makes sense.", "24");

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var ofAnswers = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<HeadersMetadata>().SelectMany(metadata => metadata.Headers).ToList();
        foreach (var (status, response) in operation.Responses ?? [])
        {
            var isProblem = response.Content?.ContainsKey(ProblemWriter.ContentType) == true;
            List<HeaderFacts> headers = isProblem ? [NoStore, .. status == "503" ? [RetryAfter] : Array.Empty<HeaderFacts>()] : ofAnswers;
            if (response is OpenApiResponse described && headers is not [])
            {
                described.Headers = headers.ToDictionary(header => header.Name, Header);
            }
        }
    }

    private static IOpenApiHeader Header(HeaderFacts header) => new OpenApiHeader
    {
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = header.Example,
    };
}
