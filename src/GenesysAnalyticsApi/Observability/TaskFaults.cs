namespace GenesysAnalyticsApi.Observability;

/// <summary>Observes the exceptions of tasks that can outlive the code that awaits them.</summary>
internal static class TaskFaults
{
    /// <summary>Marks the exception of the task as observed, so the runtime does not report it if the task fails when no code awaits it anymore.</summary>
    public static TTask ObserveFault<TTask>(this TTask task)
        where TTask : Task
    {
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
