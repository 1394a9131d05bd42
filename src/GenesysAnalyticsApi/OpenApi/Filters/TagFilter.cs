using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Describes the tags that endpoints use, in display order.</summary>
internal sealed class TagFilter : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Aggregates", "Figures per queue, media type and time bucket."),
        ("Conversations", "The individual conversations behind the figures."),
        ("Observations", "The current state of the queues."),
        ("Alerts", "Conditions on figures that the service watches."),
        ("Jobs", "Queries that the service runs in the background."),
        ("Reconciliation", "The figures compared with individual conversations. Requires the scope 'details'."),
        ("Queues", "The queues that can be queried."),
        ("Users", "The users, such as agents. Requires the scope 'agents'."),
        ("Wrap-up codes", "The codes with which agents classify a contact after it has ended."),
        ("Catalog", "Definitions of all fields of GET /aggregates and all metrics."),
        ("Health", "Whether the service is running and ready."),
        ("Problems", "Explanations of the problem types."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var used = context.ApiDescriptions
            .SelectMany(operation => operation.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>())
            .SelectMany(metadata => metadata.Tags)
            .ToHashSet();
        swaggerDoc.Tags = Tags
            .Where(tag => used.Contains(tag.Name))
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
    }
}
