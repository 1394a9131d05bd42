using GenesysAnalyticsApi.Client.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Client;

/// <summary>Registers the client in the container of an application.</summary>
public static class AnalyticsClientRegistration
{
    /// <summary>The name of the HTTP client in <see cref="IHttpClientFactory"/>.</summary>
    public const string HttpClientName = "GenesysAnalytics";

    /// <summary>
    /// Adds <see cref="AnalyticsClient"/> as a singleton that sends its requests through <see cref="IHttpClientFactory"/>. The client uses the
    /// <see cref="TimeProvider"/> of the container, if there is one.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets at least <see cref="AnalyticsClientOptions.BaseAddress"/>.</param>
    /// <returns>A builder for handlers of the application, such as one that adds a token. These handlers run once per attempt, inside the retries.</returns>
    public static IHttpClientBuilder AddGenesysAnalyticsClient(this IServiceCollection services, Action<AnalyticsClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<AnalyticsClientOptions>()
            .Configure<IServiceProvider>((options, provider) => options.TimeProvider = provider.GetService<TimeProvider>() ?? options.TimeProvider)
            .Configure(configure);
        services.TryAddSingleton(provider =>
        {
            var (options, factory) = (provider.GetRequiredService<IOptions<AnalyticsClientOptions>>().Value, provider.GetRequiredService<IHttpClientFactory>());
            return new AnalyticsClient(options, options.BaseAddress, () => new HttpClientTransport(() => factory.CreateClient(HttpClientName), owned: null));
        });
        return services.AddHttpClient(HttpClientName).ConfigurePrimaryHttpMessageHandler(AnalyticsClient.Connections);
    }
}
