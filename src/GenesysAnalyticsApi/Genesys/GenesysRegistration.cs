using System.Net;
using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Sharing;
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
        services.TryAddSingleton<ISharedBudget, NoSharedBudget>();
        services.AddServiceMeter();
        services.TryAddSingleton<GenesysMetrics>();
        services.TryAddSingleton<GenesysBudget>();
        services.TryAddSingleton<GenesysClock>();
        services.TryAddSingleton<GenesysLogin>();
        services.TryAddSingleton<GenesysAccessTokens>();
        services.TryAddSingleton<GenesysResilience>();
        services.TryAddSingleton<GenesysHealth>();
        services.TryAddSingleton<GenesysSending>();
        services.AddSingleton<IGauges, GenesysGauges>();
        services.AddHostedService<GenesysSecretReload>();
        services.TryAddSingleton<GenesysLimits>();

        // By the client's name: a build with the official SDK adds its own.
        services.TryAddKeyedSingleton<IGenesysGateway, GenesysHttpGateway>(GenesysClient.Http);
        services.TryAddSingleton(provider =>
            provider.GetRequiredKeyedService<IGenesysGateway>(provider.GetRequiredService<IOptions<GenesysOptions>>().Value.Client));

        services.AddGenesysClient(GenesysLogin.ClientName);
        services.AddGenesysClient(GenesysSending.ClientName).AddGenesysPipeline();
        return services;
    }

    /// <summary>The clients by which this build can ask Genesys.</summary>
    public static IReadOnlyCollection<GenesysClient> GenesysClients(this IServiceCollection services) =>
        [.. services.Where(service => service.ServiceType == typeof(IGenesysGateway)).Select(service => service.ServiceKey).OfType<GenesysClient>()];

    /// <summary>The handlers of <see cref="GenesysResilience"/>'s picture, outermost first. A request must carry its <see cref="GenesysCall"/>.</summary>
    private static void AddGenesysPipeline(this IHttpClientBuilder client)
    {
        client.Services.TryAddTransient<GenesysAttemptHandler>();
        client.Services.TryAddTransient<GenesysAuthenticationHandler>();
        client.Services.TryAddTransient<GenesysAnswerHandler>();

        client.AddResilienceHandler("call", (pipeline, context) =>
            context.ServiceProvider.GetRequiredService<GenesysResilience>().AddCall(pipeline));
        client.AddHttpMessageHandler<GenesysAttemptHandler>();
        client.AddResilienceHandler("attempt", (pipeline, context) =>
            context.ServiceProvider.GetRequiredService<GenesysResilience>().AddAttempt(pipeline));
        client.AddHttpMessageHandler<GenesysAuthenticationHandler>();
        client.AddHttpMessageHandler<GenesysAnswerHandler>();
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
