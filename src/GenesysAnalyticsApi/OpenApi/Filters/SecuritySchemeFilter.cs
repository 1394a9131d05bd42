using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Adds the accepted kinds of credentials, so that users can enter their credentials in Swagger UI.</summary>
internal sealed class SecuritySchemeFilter(ActiveAuthModes active) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var accepted = new Dictionary<string, OpenApiSecurityScheme>();
        if (active.Modes.HasFlag(AuthModes.ApiKey))
        {
            accepted["ApiKey"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthenticator.Header,
                Description = "An API key of this service, issued by its operator.",
            };
        }

        if (active.Modes.HasFlag(AuthModes.Jwt))
        {
            accepted["Bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A token issued for this service by the identity provider that it trusts.",
            };
        }

        foreach (var (name, scheme) in accepted)
        {
            swaggerDoc.AddComponent(name, scheme);
        }

        // Any one of the requirements suffices. The empty requirement allows anonymous callers.
        swaggerDoc.Security = [.. accepted.Keys.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, swaggerDoc)] = [] })];
        if (active.Modes.HasFlag(AuthModes.Anonymous))
        {
            swaggerDoc.Security.Add([]);
        }
    }
}

/// <summary>Marks the operations that require no credentials, such as health and problem pages.</summary>
internal sealed class OperationSecurityFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.Metadata<CallerRateLimitMetadata>().Any())
        {
            operation.Security = [];
        }
    }
}
