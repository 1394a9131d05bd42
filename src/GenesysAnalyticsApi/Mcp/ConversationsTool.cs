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
using GenesysAnalyticsApi.Security.Authentication;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Lists individual conversations, so that a model can show the conversations behind a figure.</summary>
[McpServerToolType]
internal sealed class ConversationsTool(
    ConversationsParametersValidator validator, VisibleQueuesResolver queues, ConversationPageReader pages, QueryLimits limits, IOptions<McpOptions> options, IOptions<AggregatesOptions> times,
    TimeProvider clock)
{
    [McpServerTool(Name = "conversations", Title = "Individual conversations", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Lists the individual conversations behind the figures: outcome, wait, talk, hold, wrap-up and handle time, wrap-up codes, transfer. One row per conversation × queue × media type, with the latest conversation first. "
        + "Use it to look at examples (long waits, abandoned calls). To count conversations, use queue_figures. Needs the details scope. The rows never contain names, phone numbers or addresses of people.")]
    public async Task<ListedConversations> ReadAsync(
        ClaimsPrincipal user,
        [Description("A period word (today, yesterday, this-week, last-week …). Pass either period, or from and to.")] string? period = null,
        [Description("Start, inclusive: a date, a local date-time, an instant with an offset, or relative to now (now-2h).")] string? from = null,
        [Description("End, exclusive, in the same notations. Without it, the range ends now.")] string? to = null,
        [Description("IANA time zone of the period and of local times, such as Europe/Berlin. Default: UTC.")] string? timeZone = null,
        [Description(QueueArguments.Description)] string[]? queue = null,
        [Description("Only these media types: voice, chat, email, message, callback …")] string[]? mediaType = null,
        [Description("inbound or outbound. Omit it for both.")] string? direction = null,
        [Description("Only these outcomes: answered, abandoned, flowOut, open.")] string[]? outcome = null,
        [Description("Only conversations that waited at least this long in the queue, in milliseconds.")] long? minWaitTimeMs = null,
        [Description("Only conversations that agents handled for at least this long, in milliseconds.")] long? minHandleTimeMs = null,
        [Description("Only these wrap-up codes, by id.")] string[]? wrapUpCode = null,
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
            Limit = ToolRowLimit.Of(limit, options.Value.MaxRows).ToString(CultureInfo.InvariantCulture),
        };
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        if (validator.ErrorsOf(parameters, now, ResponseFormat.Json) is { Count: > 0 } errors)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(errors));
        }

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
/// <param name="LeftOut">Says that there are earlier conversations, and how to get them; null if there are none.</param>
internal sealed record ListedConversations(string Interval, IReadOnlyList<ListedConversation> Conversations, string? LeftOut, bool Complete, IReadOnlyList<string> Warnings);

/// <param name="Provisional">True if the conversation is open or recent, so Genesys can still change it.</param>
internal sealed record ListedConversation(
    string ConversationId, string Start, string? End, string? Queue, string MediaType, string? Direction, ConversationOutcome? Outcome, long? WaitTimeMs, long? TalkTimeMs, long? HoldTimeMs,
    long? WrapTimeMs, long? HandleTimeMs, bool Transferred, IReadOnlyList<string> WrapUpCodes, bool Provisional)
{
    public static ListedConversation Of(ConversationRecord record) => new(
        record.ConversationId, InstantFormat.PrintSeconds(record.ConversationStart), record.ConversationEnd is { } end ? InstantFormat.PrintSeconds(end) : null, record.QueueName ?? record.QueueId, record.MediaType, record.Direction,
        record.Outcome, record.WaitTimeMs, record.TalkTimeMs, record.HoldTimeMs, record.WrapTimeMs, record.HandleTimeMs, record.Transferred,
        [.. record.WrapUpCodes], record.Provisional);
}
