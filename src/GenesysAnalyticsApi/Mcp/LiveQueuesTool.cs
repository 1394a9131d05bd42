using System.ComponentModel;
using System.Security.Claims;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observations;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Security.Authentication;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Returns the current state of the queues.</summary>
[McpServerToolType]
internal sealed class LiveQueuesTool(ObservationsParametersValidator validator, ObservationsReader reader, IOptions<McpOptions> options, TimeProvider clock)
{
    [McpServerTool(Name = "live_queues", Title = "Queues now", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Returns the current state of the queues: waiting, alerting and interacting conversations, the longest wait, and agents on queue, by presence and by routing status. By default, there is one row per queue. "
        + "The rows with the most waiting conversations come first. For a period of time, such as today, use queue_figures.")]
    public async Task<LiveQueues> ReadAsync(
        ClaimsPrincipal user,
        [Description(QueueArguments.Description)] string[]? queue = null,
        [Description("Only conversations of these media types: voice, chat, email, message, callback …")] string[]? mediaType = null,
        [Description("The dimensions of the rows: queue, mediaType or both; or the value none, for one row over all queues. Default: queue. Only rows per queue contain numbers of agents, because an agent can work in several queues.")] string[]? groupBy = null,
        [Description("The maximum number of rows to return.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var maxRows = ToolRowLimit.Of(limit, options.Value.MaxRows);
        var queues = QueueArguments.Of(queue);
        var parameters = new ObservationsParameters { QueueId = queues.Ids, Queue = queues.Names, MediaType = mediaType, GroupBy = groupBy is { Length: > 0 } ? groupBy : ["queue"] };
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        if (validator.ErrorsOf(parameters, now, ResponseFormat.Json) is { Count: > 0 } errors)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(errors));
        }

        var response = await reader.ReadAsync(ObservationsQuery.Of(parameters, now, ResponseFormat.Json), user.Caller(), cancellationToken);
        var records = response.Records.OrderByDescending(record => record.Waiting ?? -1).ToList();
        return new(
            InstantFormat.PrintSeconds(response.Meta.AsOf),
            response.Meta.AgeMs,
            response.Meta.Complete,
            response.Meta.Upstream == "simulator",
            [.. records.Take(maxRows).Select(LiveQueue.Of)],
            records.Count,
            ToolRowLimit.LeftOut(records.Count, maxRows, options.Value.MaxRows, "rows", "Select fewer queues"),
            [.. response.Warnings.Select(warning => warning.Message)]);
    }
}

/// <param name="AsOf">The time up to which the state is known.</param>
/// <param name="AgeMs">The time between asOf and the response, in milliseconds.</param>
/// <param name="Complete">False if a part of the state is missing. The warnings name the missing part.</param>
/// <param name="Simulated">True if the state comes from the built-in simulator instead of an organization.</param>
/// <param name="LeftOut">How many rows were omitted, and how to get them; null if none were.</param>
internal sealed record LiveQueues(string AsOf, long AgeMs, bool Complete, bool Simulated, IReadOnlyList<LiveQueue> Rows, int TotalRows, string? LeftOut, IReadOnlyList<string> Warnings);

/// <summary>One row of the state. If a figure is null, it does not apply to the row or is unknown; it is not zero.</summary>
internal sealed record LiveQueue(
    string? QueueId, string? Queue, string? MediaType, int? Waiting, int? Interacting, int? Alerting, long? LongestWaitMs, int? OnQueueUsers, int? MemberUsers,
    IReadOnlyDictionary<string, int>? UsersByPresence, IReadOnlyDictionary<string, int>? UsersByRoutingStatus)
{
    public static LiveQueue Of(ObservationRecord record) => new(
        record.QueueId, record.QueueName, record.MediaType, record.Waiting, record.Interacting, record.Alerting, record.LongestWaitMs, record.OnQueueUsers, record.MemberUsers,
        record.UsersByPresence, record.UsersByRoutingStatus);
}
