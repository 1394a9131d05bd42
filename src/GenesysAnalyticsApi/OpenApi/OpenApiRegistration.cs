using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace GenesysAnalyticsApi.OpenApi;

internal static class OpenApiRegistration
{
    public static void AddOpenApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "Genesys analytics",
                Version = "v1",
                Description =
                    "How the queues of a Genesys Cloud organisation are doing: handle, wait and talk times, service levels and abandon rates per queue, media type and time bucket. "
                    + "Every answer says how old, how complete and how final its figures are.",
            });
            options.IncludeXmlComments(typeof(OpenApiRegistration).Assembly);
            options.SupportNonNullableReferenceTypes();
            // A bare $ref can carry neither a description nor "nullable".
            options.UseAllOfToExtendReferenceSchemas();
            // ASP.NET's own shape of a problem, which no answer has: kept out of the list of schemas.
            options.MapType<ProblemDetails>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.MapType<HttpValidationProblemDetails>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.SchemaFilter<WrittenPropertiesAreRequired>();
            options.SchemaFilter<NullableValues>();
            options.OperationFilter<DescribedParameters>();
            options.OperationFilter<ProblemResponses>();
            options.OperationFilter<DescribedHeaders>();
            options.DocumentFilter<Credentials>();
            options.DocumentFilter<TagDescriptions>();
            options.DocumentFilter<AnswerExamples>();
        });
    }

    /// <summary>Behind its own path only: both look at the path of each request, the page by regular expressions.</summary>
    public static void UseOpenApi(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase), swagger =>
        {
            swagger.UseMiddleware<PageDoor>();
            swagger.UseSwagger();
            swagger.UseSwaggerUI(page =>
            {
                page.DocumentTitle = "Genesys analytics";
                page.EnableTryItOutByDefault();
                page.DisplayRequestDuration();
                // The fields are shown where they are used; the list of all schemas below is for those who look for it.
                page.DefaultModelsExpandDepth(0);
                page.SwaggerEndpoint("/swagger/v1/swagger.json", "v1");
            });
        });
}
