namespace GenesysAnalyticsApi.Queues;

internal static class QueuesRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services) => services
        .AddSingleton<QueueDirectory>()
        .AddHostedService<QueueDirectoryRefresh>()
        .AddSingleton<QueuesParametersValidator>()
        // The candidates of an ambiguous name are written by whoever writes problems.
        .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QueuesJson.Default));
}
