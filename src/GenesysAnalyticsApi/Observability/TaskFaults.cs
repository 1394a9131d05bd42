namespace GenesysAnalyticsApi.Observability;

/// <summary>Work that goes on when whoever waited for it has gone.</summary>
internal static class TaskFaults
{
    /// <summary>Whoever waits for it may leave before it fails: a failure that nobody is left to see is none.</summary>
    public static TTask ObserveFault<TTask>(this TTask task)
        where TTask : Task
    {
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
