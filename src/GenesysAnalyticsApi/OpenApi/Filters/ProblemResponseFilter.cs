using System.Globalization;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Adds error responses to every operation: the problems that its endpoint declares by type (<see cref="EndpointMetadata.WithProblems"/>) or by status
/// (<c>ProducesProblem</c>), and the problems that all endpoints can return. Example bodies come from the problem pages.
/// </summary>
internal sealed class ProblemResponseFilter : IOperationFilter
{
    /// <summary>Any request can be too large (<see cref="RequestSizeMiddleware"/>) or fail with an internal error.</summary>
    private static readonly (int Status, ProblemType Type)[] Common =
    [
        (StatusCodes.Status413PayloadTooLarge, ProblemType.TooLarge),
        (StatusCodes.Status414UriTooLong, ProblemType.TooLarge),
        (StatusCodes.Status500InternalServerError, ProblemType.Internal),
    ];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        operation.Responses ??= [];
        var byType = context.Metadata<ProblemType>().SelectMany(type => type.Statuses.Select(status => (Status: status, Type: type)));
        var byStatus = operation.Responses
            .Where(response => response.Value.Content?.ContainsKey(ProblemWriter.ContentType) == true)
            .SelectMany(response => ProblemType.All
                .Select(type => (Status: int.Parse(response.Key, CultureInfo.InvariantCulture), Type: type))
                .Where(problem => problem.Type.Statuses.Contains(problem.Status)));

        var problems = byType.Concat(byStatus).Concat(Common).Distinct().ToLookup(problem => problem.Status, problem => problem.Type);
        foreach (var status in problems)
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = Response(status.Key, status, context);
        }

        var sorted = operation.Responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses.Clear();
        sorted.ForEach(response => operation.Responses.Add(response.Key, response.Value));
    }

    private static OpenApiResponse Response(int status, IEnumerable<ProblemType> types, OperationFilterContext context) => new()
    {
        Description = string.Join(" ", types.Select(type => $"`{type.Name}`: {type.Title}")),
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [ProblemWriter.ContentType] = new OpenApiMediaType
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemBody), context.SchemaRepository),
                Examples = types
                    .SelectMany(type => ProblemPages.Examples(type, status).Take(1).Select(body => (type, body)))
                    .ToDictionary(
                        example => example.type.Name,
                        example => (IOpenApiExample)new OpenApiExample { Summary = example.type.Title, Value = example.body }),
            },
        },
    };
}
