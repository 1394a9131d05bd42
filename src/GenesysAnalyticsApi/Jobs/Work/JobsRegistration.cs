using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Conversations;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Jobs.Work;

internal static class JobsRegistration
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobsOptions>().BindConfiguration(JobsOptions.Section);
        services.TryAddSingleton<IJobStore, LocalJobStore>();
        services.TryAddSingleton<IJobResultStore, LocalJobResultStore>();
        return services
            .AddSingleton<JobTelemetry>()
            .AddActivatedSingleton<JobGauges>()
            .AddSingleton<JobRunner>()
            .AddHostedService(provider => provider.GetRequiredService<JobRunner>())
            .AddSingleton<JobResponses>()
            .AddSingleton<JobEvents>()
            .AddSingleton<JobSubmission>()
            .AddSingleton<IJobWork, AggregatesJobWork>()
            .AddSingleton<IJobResult, AggregatesJobResult>()
            .AddSingleton<IQueryJobs, AggregatesJobSubmission>()
            .AddSingleton<IJobWork, ConversationsJobWork>()
            .AddSingleton<IJobResult, ConversationsJobResult>()
            .AddSingleton<IConversationJobs, ConversationsJobSubmission>();
    }
}
