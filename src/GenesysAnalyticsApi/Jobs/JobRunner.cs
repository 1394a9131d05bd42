using System.Collections.Concurrent;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>
/// Runs the jobs in the store, including the jobs of replicas that have died, and shares the limited number of concurrent jobs fairly among callers. If this
/// replica stops, another replica takes over the jobs that this replica runs; without a shared store, the jobs are lost.
/// </summary>
internal sealed partial class JobRunner(IJobStore store, IEnumerable<IJobWork> handlers, JobTelemetry telemetry, TimeProvider clock, ILogger<JobRunner> logger) : BackgroundService
{
    /// <summary>The maximum number of jobs that this replica runs at once. More jobs would not be faster, because all jobs share the rate limit.</summary>
    internal const int MaxRunning = 4;

    /// <summary>How often a replica looks for jobs that other replicas have created, abandoned or canceled.</summary>
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often the progress of a job is stored for the other replicas.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<JobKind, IJobWork> _handlers = handlers.ToDictionary(handler => handler.Kind);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>The number of jobs that this replica runs.</summary>
    public int Running => _running.Count;

    /// <summary>Makes the runner look for jobs now.</summary>
    public void Wake() => _wake.Release();

    /// <summary>
    /// Stores the job as canceled, and stops the job if it runs on this replica. If the job runs on another replica, that replica stops it when it next lists
    /// the jobs or saves the job.
    /// </summary>
    public async Task CancelAsync(Job job)
    {
        if (!job.HasEnded)
        {
            await EndAsync(job.End(JobState.Cancelled, Now));
            Stop(job.Id);
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var runs = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StartJobsAsync(runs, stoppingToken);
                await WaitAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Without this handler, a single fault would end the loop, and no further jobs would start.
                Log.LoopFailed(logger, failure);
                await Task.Delay(PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The service is stopping.
            }
        }

        await Task.WhenAll(runs).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Stop(string id)
    {
        try
        {
            if (_running.TryGetValue(id, out var cancellation))
            {
                cancellation.Cancel();
            }
        }
        catch (ObjectDisposedException)
        {
            // The job has just ended, so there is nothing to stop.
        }
    }

    /// <summary>
    /// Waits for <see cref="Wake"/>. With a shared store, waits at most <see cref="PollInterval"/>, because other replicas add jobs without waking this
    /// replica.
    /// </summary>
    private async Task WaitAsync(CancellationToken stopping)
    {
        if (!store.IsShared)
        {
            await _wake.WaitAsync(stopping);
            return;
        }

        using var waitEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(_wake.WaitAsync(waitEnd.Token), Task.Delay(PollInterval, clock, waitEnd.Token));
        await waitEnd.CancelAsync();
    }

    private async Task StartJobsAsync(List<Task> runs, CancellationToken stopping)
    {
        runs.RemoveAll(run => run.IsCompleted);
        var jobs = await store.ListAsync(stopping);
        foreach (var job in jobs.Where(job => job.HasEnded))
        {
            Stop(job.Id);
        }

        var waiting = jobs.Where(job => !job.HasEnded && !_running.ContainsKey(job.Id)).ToList();
        while (_running.Count < MaxRunning && NextOf(waiting, jobs) is { } next)
        {
            waiting.Remove(next);
            if (await store.TryLockAsync(next.Id, stopping) is { } jobLock)
            {
                _running[next.Id] = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                runs.Add(Task.Run(() => RunAndReleaseAsync(next, jobLock), CancellationToken.None));
            }
        }
    }

    /// <summary>The oldest waiting job among the callers with the fewest jobs running on this replica.</summary>
    private Job? NextOf(List<Job> waiting, IReadOnlyList<Job> jobs)
    {
        var busy = jobs.Where(job => _running.ContainsKey(job.Id)).CountBy(job => job.Owner.Identity).ToDictionary(StringComparer.Ordinal);
        return waiting.OrderBy(job => busy.GetValueOrDefault(job.Owner.Identity)).ThenBy(job => job.CreatedAt).FirstOrDefault();
    }

    private async Task RunAndReleaseAsync(Job job, IAsyncDisposable jobLock)
    {
        try
        {
            // The lock is held until the final state of the job is stored, so that no other replica starts the job again.
            await using (jobLock)
            {
                await RunLockedAsync(job);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller canceled the job, or the service is stopping.
        }
        catch (ProblemException)
        {
            // The store is unavailable. It still contains the job, so this replica finds the job when it next looks for jobs.
        }
        finally
        {
            _running.TryRemove(job.Id, out var cancellation);
            cancellation?.Dispose();
            Wake();
        }
    }

    private async Task RunLockedAsync(Job job)
    {
        try
        {
            await RunHandlerAsync(job.Id, _running[job.Id]);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ProblemException))
        {
            Log.JobFailed(logger, job.Id, failure);
            await EndAsync(job.End(JobState.Failed, Now, ProblemType.Internal.WithDetail(null)));
        }
    }

    private async Task RunHandlerAsync(string id, CancellationTokenSource cancellation)
    {
        var cancellationToken = cancellation.Token;
        if (await store.FindAsync(id, cancellationToken) is not { HasEnded: false } job)
        {
            // The job has ended since it was listed.
            return;
        }

        var isTakenOver = job.State == JobState.Running;
        job = job with { State = JobState.Running, StartedAt = job.StartedAt ?? Now };
        Log.Started(logger, id, job.Owner.Name, job.From, job.To, isTakenOver);
        using var saveLock = new SemaphoreSlim(1);

        // The time of the last save begins one second in the past, so the first save is not skipped.
        var (lastSavedAt, lastProgress) = (clock.GetTimestamp() - clock.TimestampFrequency, new JobProgress(-1, 0, 0));

        // The job is stored as running at once, because planning the job can take a while.
        await SaveAsync(job);
        var ended = await _handlers[job.Query.Kind].RunAsync(job, SaveAsync, cancellationToken);
        await EndAsync(ended);

        // Saves one report at a time, because readers report concurrently and the progress must not go backwards.
        async Task SaveAsync(Job progressed)
        {
            await saveLock.WaitAsync(cancellationToken);
            try
            {
                // If the total has changed, the job was planned again, so the two counts cannot be compared.
                var isOlder = progressed.Progress.Total == lastProgress.Total && progressed.Progress.Done < lastProgress.Done;
                if (isOlder || (store.IsShared && clock.GetElapsedTime(lastSavedAt) < SaveInterval))
                {
                    return;
                }

                (lastSavedAt, lastProgress) = (clock.GetTimestamp(), progressed.Progress);
                if (!await store.SaveAsync(progressed, cancellationToken))
                {
                    await cancellation.CancelAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                saveLock.Release();
            }
        }
    }

    private async Task EndAsync(Job job)
    {
        // A job that has already been canceled stays canceled, because the store does not change an ended job.
        if (await store.SaveAsync(job, CancellationToken.None))
        {
            telemetry.Ended(job.State);
            Log.Ended(logger, job.Id, job.Owner.Name, job.State, job.Progress.Done, job.Progress.Total, job.FailedParts.Length);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7000, LogLevel.Information, "Job {Id} of {Owner} for {From} to {To} started (taken over from another replica: {IsTakenOver})")]
        public static partial void Started(ILogger logger, string id, string owner, Instant from, Instant to, bool isTakenOver);

        [LoggerMessage(7001, LogLevel.Information, "Job {Id} of {Owner} ended: {State}, {Done} of {Total} parts, {Failed} of them failed")]
        public static partial void Ended(ILogger logger, string id, string owner, JobState state, int done, int total, int failed);

        [LoggerMessage(7002, LogLevel.Error, "Job {Id} failed because of an internal error")]
        public static partial void JobFailed(ILogger logger, string id, Exception exception);

        [LoggerMessage(7003, LogLevel.Error, "The service could not look for jobs; it tries again")]
        public static partial void LoopFailed(ILogger logger, Exception exception);
    }
}
