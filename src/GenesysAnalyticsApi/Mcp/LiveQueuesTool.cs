using System.ComponentModel;
using System.Security.Claims;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Observations;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Security.Authentication;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Returns the current state of the queues.</summary>
[McpServerToolType]
internal sealed class LiveQueuesTool(ObservationsParametersValidator validator, ObservationsReader reader, ArgumentFaults faults, IOptions<McpOptions> options, TimeProvider clock)
{
    private static readonly IReadOnlyList<string> Arguments = ToolArguments.NamesOf<LiveQueuesTool>(nameof(ReadAsync));

    [McpServerTool(Name = "live_queues", Title = "Queues now", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Returns the current state of the queues: waiting, alerting and interacting conversations, the longest wait, and agents on queue, by presence and by routing status. By default, there is one row per queue. "
        + "The rows with the most waiting conversations come first. For a period of time, such as today, use queue_figures.")]
    public async Task<LiveQueues> ReadAsync(
        ClaimsPrincipal user,
        [Description(QueueArguments.Description)] string[]? queue = null,
        [ParameterText(typeof(ObservationsParameters), nameof(ObservationsParameters.MediaType))] string[]? mediaType = null,
        [Description("The dimensions of the rows: queue, mediaType or both; or the value none, for one row over all queues. Default: queue. Only rows per queue contain numbers of agents, because an agent can work in several queues.")] string[]? groupBy = null,
        [Description("The maximum number of rows to return.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var maxRows = ToolRowLimit.Of(limit, options.Value.MaxRows, faults);
        var queues = QueueArguments.Of(queue);
        var parameters = new ObservationsParameters { QueueId = queues.Ids, Queue = queues.Names, MediaType = mediaType, GroupBy = groupBy is { Length: > 0 } ? groupBy : ["queue"] };
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        QueueArguments.AddTo(faults, validator.ErrorsOf(parameters, now, ResponseFormat.Json, Arguments));
        faults.ThrowIfAny();

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

/// <param name="AsOf"><inheritdoc cref="ObservationsMeta.AsOf"/></param>
/// <param name="AgeMs"><inheritdoc cref="ObservationsMeta.AgeMs"/></param>
/// <param name="Complete"><inheritdoc cref="ObservationsMeta.Complete"/></param>
/// <param name="Simulated">True if the state comes from the built-in simulator instead of an organization.</param>
/// <param name="Rows">The rows, without those that leftOut mentions. A figure that does not apply to a row, or that is unknown, is null; it is not zero.</param>
/// <param name="TotalRows">The number of rows, including those that leftOut mentions.</param>
/// <param name="LeftOut">How many rows were omitted, and how to get them; null if none were.</param>
/// <param name="Warnings"><inheritdoc cref="ObservationsResponse.Warnings"/></param>
internal sealed record LiveQueues(string AsOf, long AgeMs, bool Complete, bool Simulated, IReadOnlyList<LiveQueue> Rows, int TotalRows, string? LeftOut, IReadOnlyList<string> Warnings);

/// <summary>One row of the state. If a figure is null, it does not apply to the row or is unknown; it is not zero.</summary>
/// <param name="QueueId"><inheritdoc cref="ObservationRecord.QueueId"/></param>
/// <param name="Queue"><inheritdoc cref="ObservationRecord.QueueName"/></param>
/// <param name="MediaType"><inheritdoc cref="ObservationRecord.MediaType"/></param>
/// <param name="Waiting"><inheritdoc cref="ObservationRecord.Waiting"/></param>
/// <param name="Interacting"><inheritdoc cref="ObservationRecord.Interacting"/></param>
/// <param name="Alerting"><inheritdoc cref="ObservationRecord.Alerting"/></param>
/// <param name="LongestWaitMs"><inheritdoc cref="ObservationRecord.LongestWaitMs"/></param>
/// <param name="OnQueueUsers"><inheritdoc cref="ObservationRecord.OnQueueUsers"/></param>
/// <param name="MemberUsers"><inheritdoc cref="ObservationRecord.MemberUsers"/></param>
/// <param name="UsersByPresence"><inheritdoc cref="ObservationRecord.UsersByPresence"/></param>
/// <param name="UsersByRoutingStatus"><inheritdoc cref="ObservationRecord.UsersByRoutingStatus"/></param>
internal sealed record LiveQueue(
    string? QueueId, string? Queue, string? MediaType, int? Waiting, int? Interacting, int? Alerting, long? LongestWaitMs, int? OnQueueUsers, int? MemberUsers,
    IReadOnlyDictionary<string, int>? UsersByPresence, IReadOnlyDictionary<string, int>? UsersByRoutingStatus)
{
    public static LiveQueue Of(ObservationRecord record) => new(
        record.QueueId, record.QueueName, record.MediaType, record.Waiting, record.Interacting, record.Alerting, record.LongestWaitMs, record.OnQueueUsers, record.MemberUsers,
        record.UsersByPresence, record.UsersByRoutingStatus);
}
