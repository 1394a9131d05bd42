using GenesysAnalyticsApi.Aggregates;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Jobs;

internal static class JobsRegistration
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobsOptions>().BindConfiguration(JobsOptions.Section);
        services.TryAddSingleton<IJobStore, LocalJobStore>();
        return services
            .AddSingleton<JobTelemetry>()
            .AddActivatedSingleton<JobGauges>()
            .AddSingleton<JobServices>()
            .AddSingleton<JobRunner>()
            .AddHostedService(provider => provider.GetRequiredService<JobRunner>())
            .AddSingleton<JobResponses>()
            .AddSingleton<JobEvents>()
            .AddSingleton<IQueryJobs, JobSubmission>();
    }
}
