namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Serves the page at <c>/</c>: the files of <c>wwwroot</c>, which contain no figures and are open to everyone. The page gets its figures from the API, with
/// the key of its user if the API requires one.
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

    /// <summary>Maps the files as endpoints: routing then rejects other methods than GET and HEAD, and no request to another address opens a file.</summary>
    public static void MapStaticPage(this WebApplication app)
    {
        var files = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
        // The static file middleware ignores requests that have an endpoint, so the endpoint is removed from the request.
        files.Use((context, next) =>
        {
            context.SetEndpoint(null);
            return next(context);
        });
        files.UseDefaultFiles();
        files.UseResponseCompression();
        files.UseStaticFiles(new StaticFileOptions
        {
            // With this header, a browser checks each time whether its copy of a file is current, so users get a new release immediately.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        var serveFile = files.Build();
        foreach (var address in Addresses)
        {
            app.Map(address, serveFile).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).ExcludeFromDescription();
        }
    }
}
