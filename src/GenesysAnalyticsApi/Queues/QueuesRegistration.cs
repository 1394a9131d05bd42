using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Sharing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Queues;

internal static class QueuesRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services)
    {
        services.TryAddSingleton<ISharedDirectory, NoSharedDirectory>();
        return services
            .AddSingleton<QueueDirectory>()
            .AddSingleton<IGauges, QueuesGauges>()
            .AddHostedService<QueueDirectoryRefresh>()
            .AddSingleton<QueuesParametersValidator>()
            .AddSingleton(provider =>
            {
                var directory = provider.GetRequiredService<QueueDirectory>();
                return new ReadinessCheck("queues", IsRequired: true, () => new Readiness(directory.Current is null ? Condition.Down : Condition.Ok));
            })
            // The candidates of an ambiguous name are written by whoever writes problems.
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueuesJson.Default));
    }
}
