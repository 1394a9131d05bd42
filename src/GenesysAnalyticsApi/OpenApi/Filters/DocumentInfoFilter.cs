using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Adds the contact, the license and the server address from the settings to the document.</summary>
internal sealed class DocumentInfoFilter(IOptions<OpenApiOptions> options) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var settings = options.Value;
        swaggerDoc.Info.Contact = new OpenApiContact { Name = settings.ContactName, Email = NotEmpty(settings.ContactEmail), Url = settings.ContactUrl };
        // Linters require a license. If the operator configures no license, the document states this instead of inventing terms.
        swaggerDoc.Info.License = settings.LicenseUrl is { } terms
            ? new OpenApiLicense { Name = settings.LicenseName, Url = terms }
            : new OpenApiLicense { Name = "Not stated", Identifier = "LicenseRef-Not-Stated" };
        swaggerDoc.Servers = settings.ServerUrl is { } address ? [Server(address.AbsoluteUri.TrimEnd('/'))] : [];
    }

    /// <summary>
    /// Adds the address from which the document was requested, unless <c>OpenApi:ServerUrl</c> is set. This address is for programs: client generators that
    /// read the document from a file warn about a relative address.
    /// </summary>
    public static void AddServerOfRequest(OpenApiDocument document, HttpRequest request) => AddServer(document, $"{request.Scheme}://{request.Host}");

    /// <summary>
    /// Adds a relative address, unless <c>OpenApi:ServerUrl</c> is set. This address is for Swagger UI: only the browser knows the address of a TLS proxy.
    /// </summary>
    public static void AddServerOfPage(OpenApiDocument document, HttpRequest request) => AddServer(document, "/");

    private static void AddServer(OpenApiDocument document, string address) =>
        document.Servers = document.Servers is { Count: > 0 } configured ? configured : [Server(address)];

    private static OpenApiServer Server(string address) => new() { Url = address, Description = "This service." };

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
