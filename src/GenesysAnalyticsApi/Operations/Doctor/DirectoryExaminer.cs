using GenesysAnalyticsApi.Queues;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>How old the names of the queues are that this process answers with.</summary>
internal sealed class DirectoryExaminer(QueueDirectory directory, TimeProvider clock) : IExaminer
{
    // Three readings that should have been.
    private static readonly TimeSpan Old = QueueDirectoryRefresh.Every * 3;

    public string Name => Examinations.Directory;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Awaits => "The queue directory";

    public Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken) => Task.FromResult(
        directory.Current is { } known
            ? Judged(clock.GetUtcNow() - known.ReadAt.ToDateTimeOffset(), known.Queues.Count)
            : Finding.Skipped("Not examined: this process has not read the queue directory. A service does so when it starts."));

    private static Finding Judged(TimeSpan age, int queues)
    {
        var text = $"The directory has {queues} queues, as they were {(age < TimeSpan.FromMinutes(2) ? $"{age.TotalSeconds:0} s" : $"{age.TotalMinutes:0} minutes")} ago.";
        return age > Old ? Finding.Warning(text, $"It is read every {QueueDirectoryRefresh.Every.TotalMinutes:0} minutes, and lately it could not be: see '{Examinations.QueuesPermission}', and the log.") : Finding.Ok(text);
    }
}
