using System.Net;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Genesys;

internal static class GenesysRegistration
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Registers the gateways and their dependencies. <see cref="GenesysOptions"/> is bound elsewhere, and the notification channels are registered where they
    /// are used. The base URLs are read for each request, so demo mode can set them after startup.
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
        services.TryAddSingleton<GenesysResiliencePipeline>();
        services.TryAddSingleton<GenesysHealthCheck>();
        services.TryAddSingleton<GenesysApiClient>();
        services.TryAddSingleton<AsyncQueryRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<AsyncQueryRunner>());
        services.AddActivatedSingleton<GenesysGauges>();
        services.AddHealthChecks().AddCheck<GenesysHealthCheck>("genesys");
        services.AddHostedService<ClientSecretReload>();
        services.TryAddSingleton<OrganizationLimits>();
        services.TryAddSingleton<LimitCeilings>();
        services.TryAddSingleton<IRateLimitCeiling>(provider => provider.GetRequiredService<LimitCeilings>());
        services.AddHostedService<OrganizationLimitsRefresher>();

        // Keyed by client, because a build with the official SDK adds a second gateway.
        services.TryAddKeyedSingleton<IGenesysGateway, GenesysHttpGateway>(GenesysClient.Http);
        services.TryAddSingleton(provider =>
            provider.GetRequiredKeyedService<IGenesysGateway>(provider.GetRequiredService<IOptions<GenesysOptions>>().Value.Client));
        services.TryAddKeyedSingleton<IDetailsCalls, DetailsHttpCalls>(GenesysClient.Http);
        services.TryAddSingleton(provider =>
            provider.GetRequiredKeyedService<IDetailsCalls>(provider.GetRequiredService<IOptions<GenesysOptions>>().Value.Client));
        services.TryAddSingleton<IConversationDetails, ConversationDetailsGateway>();
        services.TryAddKeyedSingleton<IActivityCalls, ActivityHttpCalls>(GenesysClient.Http);
        services.TryAddSingleton(provider =>
            provider.GetRequiredKeyedService<IActivityCalls>(provider.GetRequiredService<IOptions<GenesysOptions>>().Value.Client));
        services.TryAddSingleton<PresenceMap>();
        services.TryAddSingleton<IActivityGateway, ActivityGateway>();

        services.AddGenesysClient(TokenEndpointClient.ClientName);
        services.AddGenesysClient(GenesysApiClient.ClientName).AddGenesysPipeline();
        return services;
    }

    /// <summary>The Genesys clients that this build contains.</summary>
    public static IReadOnlyCollection<GenesysClient> GenesysClients(this IServiceCollection services) =>
        [.. services.Where(service => service.ServiceType == typeof(IGenesysGateway)).Select(service => service.ServiceKey).OfType<GenesysClient>()];

    /// <summary>
    /// Adds the handlers that <see cref="GenesysResiliencePipeline"/> describes, outermost first. Every request must carry a <see cref="GenesysCallContext"/>.
    /// </summary>
    private static void AddGenesysPipeline(this IHttpClientBuilder client)
    {
        client.Services.TryAddTransient<RateLimitHandler>();
        client.Services.TryAddTransient<AuthenticationHandler>();
        client.Services.TryAddTransient<ReplyHandler>();

        client.AddResilienceHandler("call", (pipeline, context) =>
            context.ServiceProvider.GetRequiredService<GenesysResiliencePipeline>().AddCall(pipeline));
        client.AddHttpMessageHandler<RateLimitHandler>();
        client.AddResilienceHandler("attempt", (pipeline, context) =>
            context.ServiceProvider.GetRequiredService<GenesysResiliencePipeline>().AddAttempt(pipeline));
        client.AddHttpMessageHandler<AuthenticationHandler>();
        client.AddHttpMessageHandler<ReplyHandler>();
    }

    private static IHttpClientBuilder AddGenesysClient(this IServiceCollection services, string name) => services
        .AddHttpClient(name, client =>
        {
            // Other classes limit the time: the pipeline for API requests, TokenEndpointClient and AccessTokenProvider for logins.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.ParseAdd("GenesysAnalyticsApi");
        })
        .UseSocketsHttpHandler((handler, _) =>
        {
            // A redirect could lead to another host, which must not receive credentials.
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            // GenesysTracing creates the spans; Genesys does not use trace headers.
            handler.ActivityHeadersPropagator = null;
            handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli;
            handler.MaxResponseHeadersLength = ReplyLimit.HeaderKiB;
            handler.PooledConnectionLifetime = ConnectionLifetime;
        })

        // PooledConnectionLifetime renews connections, so the factory does not need to rotate handlers.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

        // The default loggers would write request headers at Trace, including the token.
        .RemoveAllLoggers();
}
