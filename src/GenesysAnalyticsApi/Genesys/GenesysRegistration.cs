using System.Net;
using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys;

internal static class GenesysRegistration
{
    /// <summary>All headers of an answer; those of Genesys take less than 2 KiB.</summary>
    internal const int HeaderKiB = 32;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The gateway and all behind it. <see cref="GenesysOptions"/> are bound elsewhere; base URLs are read at each call, so whoever
    /// learns them late (the demo mode) may still set them.
    /// </summary>
    public static IServiceCollection AddGenesys(this IServiceCollection services)
    {
        services.AddOptions<GenesysOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISharedRateLimit, LocalRateLimit>();
        services.AddServiceMeter();
        services.TryAddSingleton<GenesysTelemetry>();
        services.TryAddSingleton<GenesysRateLimiter>();
        services.TryAddSingleton<GenesysClock>();
        services.TryAddSingleton<TokenEndpointClient>();
        services.TryAddSingleton<AccessTokenProvider>();
        services.TryAddSingleton<GenesysResilience>();
        services.TryAddSingleton<GenesysStatus>();
        services.TryAddSingleton<GenesysApiClient>();
        services.AddSingleton<IGauges, GenesysGauges>();
        services.AddHostedService<ClientSecretReload>();
        services.TryAddSingleton<OrganizationLimits>();

        // By the client's name: a build with the official SDK adds its own.
        services.TryAddKeyedSingleton<IGenesysGateway, GenesysHttpGateway>(GenesysClient.Http);
        services.TryAddSingleton(provider =>
            provider.GetRequiredKeyedService<IGenesysGateway>(provider.GetRequiredService<IOptions<GenesysOptions>>().Value.Client));

        services.AddGenesysClient(TokenEndpointClient.ClientName);
        services.AddGenesysClient(GenesysApiClient.ClientName).AddGenesysPipeline();
        return services;
    }

    /// <summary>The clients by which this build can ask Genesys.</summary>
    public static IReadOnlyCollection<GenesysClient> GenesysClients(this IServiceCollection services) =>
        [.. services.Where(service => service.ServiceType == typeof(IGenesysGateway)).Select(service => service.ServiceKey).OfType<GenesysClient>()];

    /// <summary>The handlers of <see cref="GenesysResilience"/>'s picture, outermost first. A request must carry its <see cref="GenesysCallContext"/>.</summary>
    private static void AddGenesysPipeline(this IHttpClientBuilder client)
    {
        client.Services.TryAddTransient<RateLimitHandler>();
        client.Services.TryAddTransient<AuthenticationHandler>();
        client.Services.TryAddTransient<ReplyHandler>();

        client.AddResilienceHandler("call", (pipeline, context) =>
            context.ServiceProvider.GetRequiredService<GenesysResilience>().AddCall(pipeline));
        client.AddHttpMessageHandler<RateLimitHandler>();
        client.AddResilienceHandler("attempt", (pipeline, context) =>
            context.ServiceProvider.GetRequiredService<GenesysResilience>().AddAttempt(pipeline));
        client.AddHttpMessageHandler<AuthenticationHandler>();
        client.AddHttpMessageHandler<ReplyHandler>();
    }

    private static IHttpClientBuilder AddGenesysClient(this IServiceCollection services, string name) => services
        .AddHttpClient(name, client =>
        {
            // The pipeline has the deadline; a second clock would only cut it short.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.ParseAdd("GenesysAnalyticsApi");
        })
        .UseSocketsHttpHandler((handler, _) =>
        {
            // A redirect would take the token to wherever it points.
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            // Traces end with spans of our own (GenesysTrace); Genesys is sent no ids that it did not ask for.
            handler.ActivityHeadersPropagator = null;
            handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli;
            handler.MaxResponseHeadersLength = HeaderKiB;
            handler.PooledConnectionLifetime = ConnectionLifetime;
        })

        // Connections are renewed by their lifetime; the factory's own rotation is not needed with it.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

        // They would log each request's headers at Trace, the token's among them.
        .RemoveAllLoggers();
}
