using GenesysAnalyticsApi.Errors;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>
/// Gives every operation its error answers: those that its endpoint names with <see cref="EndpointProblems.Answers"/>, and the
/// internal one that each can have.
/// </summary>
internal sealed class ProblemResponses : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var named = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ProblemsMetadata>().SelectMany(metadata => metadata.Types);
        var byStatus = named.Append(ProblemType.Internal).Distinct()
            .SelectMany(type => type.Statuses.Select(status => (status, type)))
            .OrderBy(answer => answer.status)
            .ToLookup(answer => answer.status, answer => answer.type);

        operation.Responses ??= [];
        foreach (var answers in byStatus)
        {
            operation.Responses[$"{answers.Key}"] = new OpenApiResponse
            {
                Description = string.Join(" ", answers.Select(type => $"`{type.Name}`: {type.Title}")),
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [ProblemWriter.ContentType] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemBody), context.SchemaRepository),
                    },
                },
            };
        }
    }
}
