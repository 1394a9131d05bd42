using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>What each group of operations is for, in the order of the page.</summary>
internal sealed class TagFilter : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Aggregates", "Figures per queue, media type and time bucket."),
        ("Queues", "The queues that can be asked about."),
        ("Health", "Whether the service runs and can answer."),
        ("Problems", "What each kind of error means."),
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
