using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Queues;

internal static class QueuesRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services)
    {
        services.TryAddSingleton<ISharedQueueDirectory, LocalQueueDirectory>();
        return services
            .AddSingleton<QueueDirectory>()
            .AddSingleton<IGauges, QueueDirectoryGauges>()
            .AddHostedService<QueueDirectoryRefresher>()
            .AddSingleton<QueuesParametersValidator>()
            .AddSingleton(provider =>
            {
                var directory = provider.GetRequiredService<QueueDirectory>();
                return new ReadinessCheck("queues", IsRequired: true, () => new ComponentHealth(directory.Current is null ? ComponentStatus.Down : ComponentStatus.Ok));
            })
            // ProblemWriter serializes the candidates of an ambiguous name.
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueuesJson.Default));
    }
}
