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
        services.AddOptions<OpenApiOptions>().BindConfiguration(OpenApiOptions.Section);
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
            // ASP.NET's own shape of a problem, which no answer has: kept out of the list of schemas.
            options.MapType<ProblemDetails>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.MapType<HttpValidationProblemDetails>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.SchemaFilter<WrittenPropertiesAreRequired>();
            options.SchemaFilter<NullUnions>();
            options.OperationFilter<DescribedParameters>();
            options.OperationFilter<AnswerDescriptions>();
            options.OperationFilter<ProblemResponses>();
            options.OperationFilter<DescribedHeaders>();
            options.OperationFilter<CredentialsOfOperations>();
            options.DocumentFilter<DocumentInfo>();
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
            swagger.Use((context, next) =>
            {
                if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
                {
                    return next(context);
                }

                // What stands behind takes other methods for other addresses.
                context.Response.Headers.Allow = "GET, HEAD";
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return Task.CompletedTask;
            });
            swagger.UseSwagger(document =>
            {
                document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                document.PreSerializeFilters.Add(DocumentInfo.AddServerOfRequest);
            });
            swagger.UseSwagger(document =>
            {
                document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                document.RouteTemplate = "swagger/{documentName}/page.json";
                document.PreSerializeFilters.Add(DocumentInfo.AddServerOfPage);
            });
            swagger.UseSwaggerUI(page =>
            {
                page.DocumentTitle = "Genesys analytics";
                page.EnableTryItOutByDefault();
                page.DisplayRequestDuration();
                // The fields are shown where they are used; the list of all schemas below is for those who look for it.
                page.DefaultModelsExpandDepth(0);
                page.SwaggerEndpoint("v1/page.json", "v1");
            });
        });
}
