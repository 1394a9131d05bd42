using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Queues;

internal static class QueuesRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services)
    {
        services.TryAddSingleton<ISharedDirectory<QueueEntry>, UnsharedDirectory<QueueEntry>>();
        services.AddHealthChecks().AddCheck<QueueDirectory>("queues", tags: [Readiness.Required]);
        return services
            .AddSingleton<QueueDirectory>()
            .AddActivatedSingleton<QueueDirectoryGauges>()
            .AddHostedService<QueueDirectoryRefresher>()
            .AddSingleton<QueuesParametersValidator>()
            // ProblemWriter serializes the candidates of an ambiguous name.
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueuesJson.Default));
    }
}
