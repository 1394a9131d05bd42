using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>Runs jobs that read figures.</summary>
internal sealed class AggregatesJobWork(
    AggregatesService service, SliceStore slices, WorkLimiter work, LearnedSliceSize sizes, IServiceProvider provider, IOptions<GenesysOptions> genesys, TimeProvider clock) : IJobWork
{
    public JobKind Kind => JobKind.Aggregates;

    public AggregatesService Service => service;

    public SliceStore Slices => slices;

    public WorkLimiter Work => work;

    public LearnedSliceSize Sizes => sizes;

    /// <summary>Resolved when it is first used, because the constructor of the validator compiles the rules.</summary>
    public AggregatesParametersValidator Validator => provider.GetRequiredService<AggregatesParametersValidator>();

    public TimeProvider Clock => clock;

    /// <summary>
    /// The maximum number of slices that one job reads at the same time: half of <c>Genesys:MaxConcurrentRequests</c>, but at least one. The rate limiter keeps
    /// a quarter of <c>Genesys:MaxConcurrentRequests</c> free for requests that callers wait for.
    /// </summary>
    public int Concurrency => Math.Max(1, genesys.Value.MaxConcurrentRequests / 2);

    public Task<Job> RunAsync(Job job, Func<Job, Task> reportProgress, CancellationToken cancellationToken) =>
        new AggregatesJobRun(job, ((AggregatesJobQuery)job.Query).Parameters, this, reportProgress).RunAsync(cancellationToken);
}
