using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.OpenApi.Filters;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace GenesysAnalyticsApi.OpenApi;

internal static class OpenApiRegistration
{
    /// <summary>
    /// The schema names by type name. Generated clients name classes after schemas, so the name of a schema must not change when its type is renamed.
    /// </summary>
    private static readonly Dictionary<string, string> SchemaNames = new(StringComparer.Ordinal)
    {
        ["AggregatesResponse"] = "AggregatesAnswer",
        ["ResponseMeta"] = "AnswerMeta",
        ["ResponseWarning"] = "AnswerWarning",
        ["RowCounts"] = "AnswerRows",
        ["ResolvedQuery"] = "AnsweredQuery",
        ["QueuesResponse"] = "QueuesAnswer",
        ["UsersResponse"] = "UsersAnswer",
        ["WrapUpCodesResponse"] = "WrapUpCodesAnswer",
        ["CatalogResponse"] = "CatalogAnswer",
        ["ReconciliationResponse"] = "ReconciliationAnswer",
        ["ExportResponse"] = "ExportAnswer",
        ["ExportColumnRecord"] = "ExportColumn",
        ["LiveResponse"] = "LiveAnswer",
        ["ReadyResponse"] = "ReadyAnswer",
        ["ComponentStatus"] = "Condition",
        ["DoctorResponse"] = "DoctorAnswer",
        ["DiagnosticResult"] = "Examination",
        ["CheckStatus"] = "ExaminationCondition",
    };

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
                Version = ServiceVersion.Current,
                Description =
                    "Analytics of Genesys Cloud queues: handle, wait and talk times, service levels and abandon rates per queue, media type and time bucket. "
                    + "Every response states the age, completeness and finality of its figures.",
            });
            options.IncludeXmlComments(typeof(OpenApiRegistration).Assembly);
            options.SupportNonNullableReferenceTypes();
            options.CustomSchemaIds(type => SchemaNames.GetValueOrDefault(type.Name, type.Name));
            // No response contains the problem types of the framework, so the document must not list their schemas.
            options.MapType<ProblemDetails>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.MapType<HttpValidationProblemDetails>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.SchemaFilter<RequiredPropertiesFilter>();
            options.SchemaFilter<NullableSchemaFilter>();
            options.OperationFilter<ParameterFilter>();
            options.OperationFilter<QueryBodyFilter>();
            options.OperationFilter<TextBodyFilter>();
            options.OperationFilter<ResponseDescriptionFilter>();
            options.OperationFilter<ProblemResponseFilter>();
            options.OperationFilter<ResponseHeaderFilter>();
            options.OperationFilter<ResponseMediaTypeFilter>();
            options.OperationFilter<OperationSecurityFilter>();
            options.DocumentFilter<DocumentInfoFilter>();
            options.DocumentFilter<SecuritySchemeFilter>();
            options.DocumentFilter<TagFilter>();
            options.DocumentFilter<ResponseExampleFilter>();
        });
    }

    /// <summary>
    /// Adds the Swagger middlewares in a branch for their path. Otherwise, they would check the path of every request, partly with regular expressions.
    /// </summary>
    public static void UseOpenApi(this WebApplication app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase), swagger =>
        {
            swagger.Use((context, next) =>
            {
                if (!context.Request.Path.Value.AsSpan().ContainsAnyInRange('\0', '\x1f'))
                {
                    return next(context);
                }

                // The Swagger middleware copies some paths unchanged into redirects, so a line feed would get into the Location header.
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
            swagger.UseMiddleware<SwaggerAccessMiddleware>();
            swagger.Use((context, next) =>
            {
                if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
                {
                    return next(context);
                }

                // The methods are checked here, because the Swagger middlewares themselves would ignore requests with other methods.
                context.Response.Headers.Allow = "GET, HEAD";
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return Task.CompletedTask;
            });
            swagger.UseSwagger(document =>
            {
                document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                document.PreSerializeFilters.Add(DocumentInfoFilter.AddServerOfRequest);
            });
            swagger.UseSwagger(document =>
            {
                document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                document.RouteTemplate = "swagger/{documentName}/page.json";
                document.PreSerializeFilters.Add(DocumentInfoFilter.AddServerOfPage);
            });
            swagger.UseSwaggerUI(page =>
            {
                page.DocumentTitle = "Genesys analytics";
                page.EnableTryItOutByDefault();
                page.DisplayRequestDuration();
                // Schemas are shown where they are used, so the list of all schemas is collapsed.
                page.DefaultModelsExpandDepth(0);
                page.SwaggerEndpoint("v1/page.json", "v1");
            });
        });
}
