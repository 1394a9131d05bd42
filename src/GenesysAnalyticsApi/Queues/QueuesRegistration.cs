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
            // The candidates of an ambiguous name are written by whoever writes problems.
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueuesJson.Default));
    }
}
