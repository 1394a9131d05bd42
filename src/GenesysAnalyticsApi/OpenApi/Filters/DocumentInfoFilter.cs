using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>Says who runs this installation, under which terms, and at which address, as far as the settings tell.</summary>
internal sealed class DocumentInfoFilter(IOptions<OpenApiOptions> options) : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var given = options.Value;
        swaggerDoc.Info.Contact = new OpenApiContact { Name = given.ContactName, Email = NotEmpty(given.ContactEmail), Url = given.ContactUrl };
        // Linters ask for a licence. Where the operator states none, the document says just that, and makes up no terms.
        swaggerDoc.Info.License = given.LicenseUrl is { } terms
            ? new OpenApiLicense { Name = given.LicenseName, Url = terms }
            : new OpenApiLicense { Name = "Not stated", Identifier = "LicenseRef-Not-Stated" };
        swaggerDoc.Servers = given.ServerUrl is { } address ? [Server(address.AbsoluteUri)] : [];
    }

    /// <summary>
    /// For programs: the address by which the document was asked for. Client generators warn about a relative one once they read the
    /// document from a file.
    /// </summary>
    public static void AddServerOfRequest(OpenApiDocument document, HttpRequest request)
    {
        if (document.Servers is not { Count: > 0 })
        {
            document.Servers = [Server($"{request.Scheme}://{request.Host}")];
        }
    }

    /// <summary>For the page: wherever the browser found it. Behind a proxy with TLS, only the browser knows that address.</summary>
    public static void AddServerOfPage(OpenApiDocument document, HttpRequest request)
    {
        if (document.Servers is not { Count: > 0 })
        {
            document.Servers = [new OpenApiServer { Url = "/", Description = "This service." }];
        }
    }

    private static OpenApiServer Server(string address) => new() { Url = address.TrimEnd('/'), Description = "This service." };

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
