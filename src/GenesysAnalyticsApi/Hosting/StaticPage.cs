namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Serves the page at <c>/</c>: the files of <c>wwwroot</c>, which contain no figures and are open to everyone. The page gets its figures from the public endpoints.
/// </summary>
internal static class StaticPage
{
    private static readonly string[] Addresses = ["/", "/index.html", "/styles/{**file}", "/favicon.svg", "/scripts/{**file}", "/vendor/{**file}"];

    public static void AddStaticPage(this IServiceCollection services) =>
        // Compression over HTTPS can reveal secrets, but the files contain none and are the same for everyone.
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"];
        });

    /// <summary>Maps the files as endpoints, so that routing rejects other methods, and no other request is looked up as a file.</summary>
    public static void MapStaticPage(this WebApplication app)
    {
        var files = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
        // The static file middleware ignores requests that already have an endpoint.
        files.Use((context, next) =>
        {
            context.SetEndpoint(null);
            return next(context);
        });
        files.UseDefaultFiles();
        files.UseResponseCompression();
        files.UseStaticFiles(new StaticFileOptions
        {
            // A browser checks each time whether its copy of a file is current, so that users get a new release immediately.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        var send = files.Build();
        foreach (var address in Addresses)
        {
            app.Map(address, send).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).ExcludeFromDescription();
        }
    }
}
