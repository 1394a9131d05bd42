using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Reads conversations in the background for callers that do not wait for the response.</summary>
internal interface IConversationJobs
{
    /// <summary>Creates a job for the query, or finds a job of the same caller for an equal query. Returns the 202 response that names the job.</summary>
    /// <param name="parameters">The caller's parameters, already validated.</param>
    /// <exception cref="ProblemException">429: the caller, or all callers together, have too many jobs that have not ended.</exception>
    Task<IResult> SubmitAsync(ConversationsParameters parameters, ConversationsQuery query, Instant now, Caller caller, CancellationToken cancellationToken);
}

/// <summary>
/// Handles requests for conversations: checks the parameters, resolves the queues, and then sends one page of JSON, sends a stream of all records, or creates a
/// job. Also sends the results of these jobs.
/// </summary>
internal sealed class ConversationsRequestHandler(
    ConversationsParametersValidator validator, VisibleQueuesResolver queues, ConversationPageReader pages, ConversationRecordReader reader, ConversationStreamSender streams,
    IConversationJobs jobs, QueryLimits limits, IOptions<AggregatesOptions> options, TimeProvider clock)
{
    /// <summary>The parameters with which a caller selects the format of a job's result.</summary>
    private static readonly string[] ResultParameters = ["format", "bom"];

    /// <param name="mayBecomeJob">Whether the caller accepts a job instead of waiting.</param>
    public async Task<IResult> HandleAsync(ConversationsParameters parameters, bool mayBecomeJob, HttpContext http, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());

        // A later page is quick to read, so it needs no job.
        var isJob = mayBecomeJob && parameters.Cursor is null;
        var query = QueryOf(parameters, ConversationsParameters.Names, ConversationsParameters.RepeatableNames, now, isPaged: !isJob, http);
        limits.CheckLength(query.Shared.Interval, granularity: null);
        var caller = http.Caller();
        using var deadline = new RequestDeadline(options.Value.Timeout, clock, cancellationToken);
        try
        {
            var selection = await SelectAsync(query, caller, deadline.Token);
            if (isJob)
            {
                RequireScope(CallerScopes.Read, CallerScopeNames.Read, caller);
                return await jobs.SubmitAsync(parameters, query, now, caller, deadline.Token);
            }

            http.Response.Headers.CacheControl = "no-store";
            if (query.Format == ResponseFormat.Json)
            {
                return new BufferedJsonResult<ConversationsResponse>(await pages.ReadAsync(selection, deadline.Token), ConversationsJson.Default.ConversationsResponse);
            }

            await streams.SendAsync(selection, reader.Read(selection, new DetailsReadReport(), cancellationToken), http, cancellationToken);
            return Results.Empty;
        }
        catch (OperationCanceledException) when (deadline.IsCallerConnected && !http.Response.HasStarted)
        {
            throw new GenesysException(deadline.Failure);
        }
    }

    /// <summary>Checks a request for the result of a job.</summary>
    /// <param name="parameters">The parameters of the job's query, with the <c>format</c> and <c>bom</c> parameters of the request.</param>
    public ConversationsQuery ResultQueryOf(ConversationsParameters parameters, Instant createdAt, HttpContext http)
    {
        RequireScope(CallerScopes.Details, CallerScopeNames.Details, http.Caller());
        return QueryOf(parameters, ResultParameters, [], createdAt, isPaged: false, http);
    }

    /// <summary>Sends the result of a job.</summary>
    /// <param name="stored">The stored records; null to read the conversations from Genesys again, with background priority.</param>
    public async Task<IResult> SendResultAsync(ConversationsQuery query, ConversationStream? stored, HttpContext http, CancellationToken cancellationToken)
    {
        var selection = await SelectAsync(query, http.Caller(), cancellationToken);
        selection = selection with { Origin = selection.Origin with { IsBackground = true } };
        http.Response.Headers.CacheControl = "no-store";
        await streams.SendAsync(selection, stored ?? reader.Read(selection, new DetailsReadReport(), cancellationToken), http, cancellationToken);
        return Results.Empty;
    }

    private static void RequireScope(CallerScopes scope, string name, Caller caller)
    {
        if (!caller.May(scope))
        {
            throw new ProblemException(ProblemFactory.Forbidden(name));
        }
    }

    /// <param name="isPaged">Whether a JSON response contains one page. If false, it contains all records, like a response in any other format.</param>
    private ConversationsQuery QueryOf(
        ConversationsParameters parameters, IReadOnlyList<string> accepted, IReadOnlyList<string> lists, Instant now, bool isPaged, HttpContext http)
    {
        var format = ResponseFormat.Of(parameters.Format, http.Request.Headers.Accept, ConversationsQuery.Formats);
        // If JSON is not paged, its parameters follow the rules of ndjson: no cursor, and no maximum for limit.
        var validationFormat = format == ResponseFormat.Json && !isPaged ? ResponseFormat.Ndjson : format;
        ParameterRules.ThrowIfInvalid(http.Request.Query, accepted, lists, validator.ErrorsOf(parameters, now, validationFormat));
        var query = ConversationsQuery.Of(parameters, now, validationFormat!) with { Format = format! };
        if (query.IsAboutAgents)
        {
            RequireScope(CallerScopes.Agents, CallerScopeNames.Agents, http.Caller());
        }

        return query;
    }

    private async Task<ConversationsSelection> SelectAsync(ConversationsQuery query, Caller caller, CancellationToken cancellationToken) =>
        new(query, await queues.ResolveAsync(query.Shared.QueueIds, query.Shared.QueueNames, query.Shared.DivisionIds, caller, cancellationToken), caller.Origin);
}
