using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Conversations;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Security.Authentication;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Lists individual conversations, so that a model can show the conversations behind a figure.</summary>
[McpServerToolType]
internal sealed class ConversationsTool(
    ConversationsParametersValidator validator, VisibleQueuesResolver queues, ConversationPageReader pages, QueryLimits limits, ArgumentFaults faults, IOptions<McpOptions> options,
    IOptions<AggregatesOptions> times, TimeProvider clock)
{
    private static readonly IReadOnlyList<string> Arguments = ToolArguments.NamesOf<ConversationsTool>(nameof(ReadAsync));

    [McpServerTool(Name = "conversations", Title = "Individual conversations", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Lists the individual conversations behind the figures: outcome, wait, talk, hold, wrap-up and handle time, wrap-up codes, transfer. One row per conversation × queue × media type, with the latest conversation first. "
        + "Use it to look at examples (long waits, abandoned calls). To count conversations, use queue_figures. Needs the details scope. The rows never contain names, phone numbers or addresses of people.")]
    public async Task<ListedConversations> ReadAsync(
        ClaimsPrincipal user,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.Period))] string? period = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.From))] string? from = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.To))] string? to = null,
        [ParameterText(typeof(AggregatesParameters), nameof(AggregatesParameters.TimeZone))] string? timeZone = null,
        [Description(QueueArguments.Description)] string[]? queue = null,
        [ParameterText(typeof(ConversationsParameters), nameof(ConversationsParameters.MediaType))] string[]? mediaType = null,
        [ParameterText(typeof(ConversationsParameters), nameof(ConversationsParameters.Direction))] string? direction = null,
        [ParameterText(typeof(ConversationsParameters), nameof(ConversationsParameters.Outcome))] string[]? outcome = null,
        [ParameterText(typeof(ConversationsParameters), nameof(ConversationsParameters.MinWaitTimeMs))] long? minWaitTimeMs = null,
        [ParameterText(typeof(ConversationsParameters), nameof(ConversationsParameters.MinHandleTimeMs))] long? minHandleTimeMs = null,
        [ParameterText(typeof(ConversationsParameters), nameof(ConversationsParameters.WrapUpCode))] string[]? wrapUpCode = null,
        [Description("The maximum number of rows to return.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        var caller = user.Caller();
        if (!caller.May(CallerScopes.Details))
        {
            throw new ProblemException(ProblemFactory.Forbidden(CallerScopeNames.Details));
        }

        var selected = QueueArguments.Of(queue);
        var parameters = new ConversationsParameters
        {
            Period = period,
            From = from,
            To = to,
            TimeZone = timeZone,
            QueueId = selected.Ids,
            Queue = selected.Names,
            MediaType = mediaType,
            Direction = direction,
            Outcome = outcome,
            WrapUpCode = wrapUpCode,
            MinWaitTimeMs = minWaitTimeMs?.ToString(CultureInfo.InvariantCulture),
            MinHandleTimeMs = minHandleTimeMs?.ToString(CultureInfo.InvariantCulture),
            Order = "desc",
            Limit = ToolRowLimit.Of(limit, options.Value.MaxRows, faults).ToString(CultureInfo.InvariantCulture),
        };
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        QueueArguments.AddTo(faults, validator.ErrorsOf(parameters, now, ResponseFormat.Json, Arguments));
        faults.ThrowIfAny();
        var query = ConversationsQuery.Of(parameters, now, ResponseFormat.Json);
        limits.CheckLength(query.Shared.Interval, granularity: null);
        return await ReadAsync(query, caller, cancellationToken);
    }

    private async Task<ListedConversations> ReadAsync(ConversationsQuery query, Caller caller, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(times.Value.Timeout, clock, cancellationToken);
        try
        {
            var visible = await queues.ResolveAsync(query.Shared.QueueIds, query.Shared.QueueNames, query.Shared.DivisionIds, caller, deadline.Token);
            var page = await pages.ReadAsync(new ConversationsSelection(query, visible, caller.Origin), deadline.Token);
            return new(
                page.Query.Interval,
                [.. page.Records.Select(ListedConversation.Of)],
                page.NextCursor is null ? null : "There are more conversations, which began earlier. To reach them, use an earlier end, or a filter such as minWaitTimeMs.",
                page.Meta.Complete,
                [.. page.Meta.Warnings.Select(warning => warning.Message)]);
        }
        catch (OperationCanceledException) when (deadline.IsCallerConnected)
        {
            throw new GenesysException(deadline.Failure);
        }
    }
}

/// <param name="Interval">The resolved interval, half-open, in UTC. The conversations began in this interval.</param>
/// <param name="Conversations">The conversations, with the latest first.</param>
/// <param name="LeftOut">Says that there are earlier conversations, and how to get them; null if there are none.</param>
/// <param name="Complete"><inheritdoc cref="GenesysAnalyticsApi.Conversations.Reading.ConversationsMeta.Complete"/></param>
/// <param name="Warnings"><inheritdoc cref="GenesysAnalyticsApi.Conversations.Reading.ConversationsMeta.Warnings"/></param>
internal sealed record ListedConversations(string Interval, IReadOnlyList<ListedConversation> Conversations, string? LeftOut, bool Complete, IReadOnlyList<string> Warnings);

/// <param name="ConversationId"><inheritdoc cref="ConversationRecord.ConversationId"/></param>
/// <param name="Start"><inheritdoc cref="ConversationRecord.ConversationStart"/></param>
/// <param name="End"><inheritdoc cref="ConversationRecord.ConversationEnd"/></param>
/// <param name="Queue">The name of the queue; the id if the name is not known; null for what happened outside of any queue, such as a direct call.</param>
/// <param name="MediaType"><inheritdoc cref="ConversationRecord.MediaType"/></param>
/// <param name="Direction"><inheritdoc cref="ConversationRecord.Direction"/></param>
/// <param name="Outcome"><inheritdoc cref="ConversationRecord.Outcome"/></param>
/// <param name="WaitTimeMs"><inheritdoc cref="ConversationRecord.WaitTimeMs"/></param>
/// <param name="TalkTimeMs"><inheritdoc cref="ConversationRecord.TalkTimeMs"/></param>
/// <param name="HoldTimeMs"><inheritdoc cref="ConversationRecord.HoldTimeMs"/></param>
/// <param name="WrapTimeMs"><inheritdoc cref="ConversationRecord.WrapTimeMs"/></param>
/// <param name="HandleTimeMs"><inheritdoc cref="ConversationRecord.HandleTimeMs"/></param>
/// <param name="Transferred"><inheritdoc cref="ConversationRecord.Transferred"/></param>
/// <param name="WrapUpCodes"><inheritdoc cref="ConversationRecord.WrapUpCodes"/></param>
/// <param name="Provisional"><inheritdoc cref="ConversationRecord.Provisional"/></param>
internal sealed record ListedConversation(
    string ConversationId, string Start, string? End, string? Queue, string MediaType, string? Direction, ConversationOutcome? Outcome, long? WaitTimeMs, long? TalkTimeMs, long? HoldTimeMs,
    long? WrapTimeMs, long? HandleTimeMs, bool Transferred, IReadOnlyList<string> WrapUpCodes, bool Provisional)
{
    public static ListedConversation Of(ConversationRecord record) => new(
        record.ConversationId, InstantFormat.PrintSeconds(record.ConversationStart), record.ConversationEnd is { } end ? InstantFormat.PrintSeconds(end) : null, record.QueueName ?? record.QueueId, record.MediaType, record.Direction,
        record.Outcome, record.WaitTimeMs, record.TalkTimeMs, record.HoldTimeMs, record.WrapTimeMs, record.HandleTimeMs, record.Transferred,
        [.. record.WrapUpCodes], record.Provisional);
}
