using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Adds the operator's contact, license and server address from the settings.</summary>
internal sealed class DocumentInfoFilter(IOptions<OpenApiOptions> options) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var given = options.Value;
        swaggerDoc.Info.Contact = new OpenApiContact { Name = given.ContactName, Email = NotEmpty(given.ContactEmail), Url = given.ContactUrl };
        // Linters require a license. If the operator configures none, the document says so instead of inventing terms.
        swaggerDoc.Info.License = given.LicenseUrl is { } terms
            ? new OpenApiLicense { Name = given.LicenseName, Url = terms }
            : new OpenApiLicense { Name = "Not stated", Identifier = "LicenseRef-Not-Stated" };
        swaggerDoc.Servers = given.ServerUrl is { } address ? [Server(address.AbsoluteUri.TrimEnd('/'))] : [];
    }

    /// <summary>
    /// For programs: the address from which the document was requested. Client generators that read the document from a file warn about a relative
    /// address.
    /// </summary>
    public static void AddServerOfRequest(OpenApiDocument document, HttpRequest request) => AddServer(document, $"{request.Scheme}://{request.Host}");

    /// <summary>For the Swagger page: a relative address, because only the browser knows the address of a TLS proxy.</summary>
    public static void AddServerOfPage(OpenApiDocument document, HttpRequest request) => AddServer(document, "/");

    private static void AddServer(OpenApiDocument document, string address) =>
        document.Servers = document.Servers is { Count: > 0 } given ? given : [Server(address)];

    private static OpenApiServer Server(string address) => new() { Url = address, Description = "This service." };

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
