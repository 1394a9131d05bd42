using GenesysAnalyticsApi.Errors;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Gives answers the headers that their endpoint names, and problems that pass the time to wait. Runs after <see cref="ProblemResponseFilter"/>.</summary>
internal sealed class ResponseHeaderFilter : IOperationFilter
{
    private static readonly HeaderMetadata RetryAfter = new("Retry-After", "Seconds after which asking again makes sense.", "24");

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var ofAnswers = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ResponseHeadersMetadata>().SelectMany(metadata => metadata.Headers).ToList();
        foreach (var (status, response) in operation.Responses ?? [])
        {
            var isProblem = response.Content?.ContainsKey(ProblemWriter.ContentType) == true;
            List<HeaderMetadata> headers = !isProblem ? ofAnswers : status switch
            {
                "429" => [RetryAfter, RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy],
                "502" or "503" => [RetryAfter],
                _ => [],
            };
            if (response is OpenApiResponse described && headers is not [])
            {
                described.Headers = headers.ToDictionary(header => header.Name, Header);
            }
        }
    }

    private static IOpenApiHeader Header(HeaderMetadata header) => new OpenApiHeader
    {
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = header.Example,
    };
}
