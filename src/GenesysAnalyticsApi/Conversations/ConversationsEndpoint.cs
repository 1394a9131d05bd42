using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Conversations.Timeline;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Serves individual conversations: flat records, one per conversation × queue × media type, and the timeline of one conversation.</summary>
internal static class ConversationsEndpoint
{
    private static readonly Dictionary<string, ParameterMetadata> IdOnly = new(StringComparer.Ordinal) { ["id"] = new("8e0d4c3b-6f1a-4d2e-9b7c-5a4f3e2d1c0b") { Format = "uuid" } };

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        var conversations = routes.MapGroup("/conversations").WithTags("Conversations")
            .RequireScope(CallerScopes.Details)
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(
                ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.CallerRateLimited, ProblemType.GenesysRefused,
                ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded, ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout);

        conversations.MapGet("", ListConversations)
            .WithName("ListConversations")
            .WithSummary("Individual conversations, one record per conversation × queue × media type")
            .WithDescription(
                "The conversations behind the figures of GET /aggregates, with the same terms: outcome, agents, wait, talk, hold, wrap-up and handle time. Durations are in milliseconds. "
                + "JSON is paged with nextCursor; ndjson, csv and parquet are streams with all records. With the Prefer: respond-async header, a job reads all records in the "
                + "background. Needs the details scope and, for a job, the read scope too.")
            .WithParameters(ConversationsParameterMetadata.All)
            .Produces<ConversationsResponse>()
            .WithAcceptedJob("With Prefer: respond-async, and without cursor: a job reads the conversations.")
            .WithResponseMediaTypes(ConversationsQuery.Formats.Where(format => format != ResponseFormat.Json).Select(format => new ResponseMediaType(format.MediaType, format.IsCompressed)))
            .WithProblems(ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge);

        conversations.MapGet("{id}", GetConversation)
            .WithName("GetConversation")
            .WithSummary("The timeline of one conversation")
            .WithDescription(
                "Participants, sessions, segments and metrics in chronological order. A caller that is limited to some queues sees only the parts in these queues. Names, addresses, numbers, subjects, "
                + "notes and attributes are included only if Conversations:PersonalData is set; the name and attributes of an agent also need the agents scope. Needs the details scope.")
            .WithParameters(IdOnly)
            .RequireJsonAccepted()
            .Produces<TimelineResponse>()
            .WithProblems(ProblemType.UnknownConversation);
    }

    private static Task<IResult> ListConversations(
        [AsParameters] ConversationsParameters parameters,
        [FromHeader(Name = AsyncPreference.Header)]
        [Description("respond-async: the response is a 202 with the address of a job that reads all conversations of the query in the background (GET /jobs/{id}). The header is ignored with cursor. Other preferences are ignored. For example `respond-async`.")]
        string? prefer,
        HttpContext http,
        ConversationsRequestHandler handler,
        CancellationToken cancellationToken) =>
        handler.HandleAsync(parameters, AsyncPreference.IsIn(prefer), http, cancellationToken);

    private static async Task<IResult> GetConversation(
        [Description("The conversation's id (a GUID).")] string id, HttpContext http, TimelineReader timelines, CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(http.Request.Query, [], []);
        var timeline = await timelines.ReadAsync(id, http.Caller(), cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return new BufferedJsonResult<TimelineResponse>(timeline, TimelineJson.Default.TimelineResponse);
    }
}
