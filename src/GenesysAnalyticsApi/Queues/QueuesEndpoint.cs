using System.ComponentModel;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Queues;

/// <summary>Serves <c>GET /queues</c> and <c>GET /queues/{id}</c> from the queue directory.</summary>
internal static class QueuesEndpoint
{
    public static IEndpointRouteBuilder MapQueues(this IEndpointRouteBuilder routes)
    {
        var queues = routes.MapDirectory("/queues", "Queues", CallerScopes.Read);

        queues.MapGet("", ListQueues)
            .WithName("ListQueues")
            .WithSummary("Lists the queues")
            .WithDescription(
                "All known queues, sorted by name and then id, from a directory that is refreshed from Genesys every five minutes. Queues that Genesys "
                + "no longer lists are included with their last known name and listed=false, because their historical data can still be queried.")
            .WithParameters(QueuesParameters.Metadata)
            .Produces<QueuesResponse>();

        queues.MapGet("{id}", GetQueue)
            .WithName("GetQueue")
            .WithSummary("Shows one queue")
            .WithDescription("The queue with this id from the directory, even if Genesys no longer lists it.")
            .WithParameters(new Dictionary<string, ParameterMetadata> { ["id"] = new("05f1c285-6777-4ccc-806f-8db085ae0793") { Format = "uuid" } })
            .Produces<QueueRecord>()
            .WithProblems(ProblemType.UnknownQueue);

        return routes;
    }

    private static async Task<IResult> ListQueues(
        [AsParameters] QueuesParameters parameters,
        HttpRequest request,
        QueuesParametersValidator validator,
        QueueDirectory directory,
        CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, QueuesParameters.ParameterNames, QueuesParameters.RepeatableNames, validator.ErrorsOf(parameters));

        var snapshot = await directory.VisibleToAsync(request.HttpContext.Caller().Visibility, cancellationToken);
        return new BufferedJsonResult<QueuesResponse>(QueuesQuery.From(parameters).ResponseOf(snapshot), QueuesJson.Default.QueuesResponse);
    }

    private static async Task<IResult> GetQueue(
        [Description("The queue's id (a GUID).")] string id,
        HttpRequest request,
        QueueDirectory directory,
        CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, [], []);

        var snapshot = await directory.VisibleToAsync(request.HttpContext.Caller().Visibility, cancellationToken);
        return snapshot.Find(id) is { } queue
            ? new BufferedJsonResult<QueueRecord>(QueueRecord.From(queue), QueuesJson.Default.QueueRecord)
            : throw new ProblemException(ProblemFactory.UnknownQueueId(id));
    }
}
