namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Serves the page at <c>/</c>: the files of <c>wwwroot</c>, which contain no figures and are open to everyone. The page asks the public endpoints.
/// </summary>
internal static class StaticPage
{
    public static void AddStaticPage(this IServiceCollection services) =>
        // The files are the same for everyone, so that compressing them over HTTPS reveals nothing.
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"];
        });

    /// <summary>After routing: only requests that no endpoint takes are looked up as files.</summary>
    public static void UseStaticPage(this WebApplication app) => app.UseWhen(context => context.GetEndpoint() is null, page =>
    {
        page.UseDefaultFiles();
        page.UseResponseCompression();
        page.UseStaticFiles(new StaticFileOptions
        {
            // A browser asks each time whether a file is still current, so that a new release is seen at once.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    });
}
