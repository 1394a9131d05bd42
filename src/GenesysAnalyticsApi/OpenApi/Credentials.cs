using GenesysAnalyticsApi.Security;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>Names the credentials that are taken here, so that the page has a button to give them. None where anybody is let in anyway.</summary>
internal sealed class Credentials(ChosenModes chosen) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var taken = new Dictionary<string, OpenApiSecurityScheme>();
        if (chosen.Modes.HasFlag(AuthModes.ApiKey))
        {
            taken["ApiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeys.Header };
        }

        if (chosen.Modes.HasFlag(AuthModes.Jwt))
        {
            taken["Bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
        }

        foreach (var (name, scheme) in taken)
        {
            swaggerDoc.AddComponent(name, scheme);
        }

        // One of them is enough; where anonymous callers are let in beside, none is needed.
        swaggerDoc.Security = [.. taken.Keys.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, swaggerDoc)] = [] })];
        if (taken.Count > 0 && chosen.Modes.HasFlag(AuthModes.Anonymous))
        {
            swaggerDoc.Security.Add([]);
        }
    }
}
