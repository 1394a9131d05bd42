using GenesysAnalyticsApi.Conversations;
using GenesysAnalyticsApi.Conversations.Request;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>Runs jobs that read conversations.</summary>
internal sealed class ConversationsJobWork(
    VisibleQueuesResolver queues, ConversationRecordReader reader, IJobResultStore results, IJobStore jobs, IServiceProvider provider, IOptions<JobsOptions> options, TimeProvider clock) : IJobWork
{
    public JobKind Kind => JobKind.Conversations;

    public VisibleQueuesResolver Queues => queues;

    public ConversationRecordReader Reader => reader;

    public IJobResultStore Results => results;

    public IJobStore Jobs => jobs;

    /// <summary>Resolved when it is first used, because the constructor of the validator compiles the rules.</summary>
    public ConversationsParametersValidator Validator => provider.GetRequiredService<ConversationsParametersValidator>();

    public long MaxResultBytes => options.Value.MaxResultBytes;

    public TimeProvider Clock => clock;

    public Task<Job> RunAsync(Job job, Func<Job, Task> reportProgress, CancellationToken cancellationToken) =>
        new ConversationsJobRun(job, ((ConversationsJobQuery)job.Query).Parameters, this, reportProgress).RunAsync(cancellationToken);
}
