using System.Globalization;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Adds headers to responses: to a success, the headers that the endpoint declares for its status; to a temporary problem, Retry-After; to a 429, also the
/// headers that report the rate limit. Runs after <see cref="ProblemResponseFilter"/>.
/// </summary>
internal sealed class ResponseHeaderFilter : IOperationFilter
{
    private static readonly HeaderMetadata RetryAfter = new("Retry-After", "Seconds to wait before retrying.", "24");

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var declared = context.Metadata<HeaderMetadata>().ToList();
        foreach (var (status, response) in operation.Responses ?? [])
        {
            var isProblem = response.Content?.ContainsKey(ProblemWriter.ContentType) == true;
            List<HeaderMetadata> headers = !isProblem ? [.. declared.Where(header => header.Status is not { } requiredStatus || status == requiredStatus.ToString(CultureInfo.InvariantCulture))] : status switch
            {
                "429" => [RetryAfter, RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy],
                "502" or "503" => [RetryAfter],
                "409" when context.Metadata<ProblemType>().Contains(ProblemType.JobWithoutResult) => [RetryAfter],
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
