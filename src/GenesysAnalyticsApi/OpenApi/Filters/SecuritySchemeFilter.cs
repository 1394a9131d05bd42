using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Names the credentials that this installation takes, so that the page has a button to give them.</summary>
internal sealed class SecuritySchemeFilter(ActiveAuthModes chosen) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var taken = new Dictionary<string, OpenApiSecurityScheme>();
        if (chosen.Modes.HasFlag(AuthModes.ApiKey))
        {
            taken["ApiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthenticator.Header,
                Description = "An API key of this service. Its operator makes them.",
            };
        }

        if (chosen.Modes.HasFlag(AuthModes.Jwt))
        {
            taken["Bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A token of the identity provider that this service trusts, made out to this service.",
            };
        }

        foreach (var (name, scheme) in taken)
        {
            swaggerDoc.AddComponent(name, scheme);
        }

        // One of them is enough. An empty requirement is met without any: anonymous callers are let in.
        swaggerDoc.Security = [.. taken.Keys.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, swaggerDoc)] = [] })];
        if (chosen.Modes.HasFlag(AuthModes.Anonymous))
        {
            swaggerDoc.Security.Add([]);
        }
    }
}

/// <summary>Health and the pages of problems are open to all callers, whatever the rest of the document says.</summary>
internal sealed class OperationSecurityFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<CallerRateLimitMetadata>().Any())
        {
            operation.Security = [];
        }
    }
}
