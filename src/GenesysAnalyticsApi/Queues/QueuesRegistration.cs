using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Queues;

internal static class QueuesRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services)
    {
        services.TryAddSingleton<ISharedQueueDirectory, LocalQueueDirectory>();
        services.AddHealthChecks().AddCheck<QueueDirectory>("queues", tags: [Readiness.Required]);
        return services
            .AddSingleton<QueueDirectory>()
            .AddActivatedSingleton<QueueDirectoryGauges>()
            .AddHostedService<QueueDirectoryRefresher>()
            .AddSingleton<QueuesParametersValidator>()
            // The candidates of an ambiguous name are written by whoever writes problems.
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueuesJson.Default));
    }
}
