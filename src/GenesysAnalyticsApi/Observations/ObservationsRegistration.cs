using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Observations.State;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Observations;

internal static class ObservationsRegistration
{
    public static IServiceCollection AddObservations(this IServiceCollection services)
    {
        services.AddOptions<ObservationsOptions>().BindConfiguration(ObservationsOptions.Section);
        services.TryAddSingleton<ILiveReplication, LocalLiveReplication>();
        return services
            .AddSingleton<ActivityQueryRestrictions>()
            .AddSingleton<LiveReader>()
            .AddSingleton<SharedLiveReader>()
            .AddSingleton<LiveState>()
            .AddSingleton<ILiveState>(provider => provider.GetRequiredService<LiveState>())
            .AddSingleton<ObservationsParametersValidator>()
            .AddSingleton<ObservedQueuesResolver>()
            .AddSingleton<ObservationsResponseBuilder>()
            .AddSingleton<ObservationsReader>()
            .AddSingleton<ObservationsRequestHandler>();
    }
}
