using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>Whether the client may list queues, by the first page.</summary>
internal sealed class QueueListingExaminer(IGenesysGateway gateway) : IExaminer
{
    public string Name => Examinations.QueuesPermission;

    public IReadOnlyList<string> Needs => [Examinations.Token];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Awaits => "The queue listing of Genesys";

    public async Task<Finding> ExamineAsync(Visit visit, CancellationToken cancellationToken)
    {
        try
        {
            visit.FirstPage = await visit.AskAsync(() => gateway.ListQueuesAsync(1, Visit.Asker, cancellationToken), page => page.Calls);
            return Finding.Ok($"Genesys lists queues: '{GenesysWire.QueuesPermission}' is there.");
        }
        catch (GenesysException failed)
        {
            return GenesysRemedies.Of(failed.Failure, "Listing queues", GenesysWire.QueuesPermission);
        }
    }
}
