using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Handles one request for conversations: checks the parameters, resolves the queues, and sends one page of JSON or a stream of all records.</summary>
internal sealed class ConversationsRequestHandler(
    ConversationsParametersValidator validator, VisibleQueuesResolver queues, ConversationPageReader pages, ConversationStreamSender streams, IOptions<AggregatesOptions> options, TimeProvider clock)
{
    public async Task<IResult> HandleAsync(ConversationsParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var format = ResponseFormat.Of(parameters.Format, http.Request.Headers.Accept, ConversationsQuery.Formats);
        ParameterRules.ThrowIfInvalid(http.Request.Query, ConversationsParameters.Names, ConversationsParameters.Lists, validator.ErrorsOf(parameters, now, format));
        var query = ConversationsQuery.Of(parameters, now, format!);
        var caller = http.Caller();
        if (query.IsAboutAgents && !caller.May(CallerScopes.Agents))
        {
            throw new ProblemException(Problems.Forbidden(CallerScopeNames.Agents));
        }

        using var deadline = new RequestDeadline(options.Value.Timeout, clock, cancellationToken);
        try
        {
            var visible = await queues.ResolveAsync(query.Shared.QueueIds, query.Shared.QueueNames, query.Shared.DivisionIds, caller, deadline.Token);
            var selection = new ConversationsSelection(query, visible, caller.Origin);
            http.Response.Headers.CacheControl = "no-store";
            if (query.Format == ResponseFormat.Json)
            {
                return new BufferedJsonResult<ConversationsResponse>(await pages.ReadAsync(selection, deadline.Token), ConversationsJson.Default.ConversationsResponse);
            }

            await streams.SendAsync(selection, http, cancellationToken);
            return Results.Empty;
        }
        catch (OperationCanceledException) when (deadline.IsAwaited && !http.Response.HasStarted)
        {
            throw new GenesysException(deadline.Failure);
        }
    }
}
