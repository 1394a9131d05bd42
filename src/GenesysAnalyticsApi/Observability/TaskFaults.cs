namespace GenesysAnalyticsApi.Observability;

/// <summary>Observes failures of tasks that outlive their waiter.</summary>
internal static class TaskFaults
{
    /// <summary>The waiter may leave before the task fails; the failure is then not reported as an unobserved exception.</summary>
    public static TTask ObserveFault<TTask>(this TTask task)
        where TTask : Task
    {
        _ = task.ContinueWith(
            static failed => _ = failed.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
