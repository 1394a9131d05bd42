using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>Serves <c>GET /observations/stream</c>: the current state of the queues as server-sent events.</summary>
internal static class StreamEndpoint
{
    public static void MapObservationStream(this IEndpointRouteBuilder routes) => routes.MapGet("/observations/stream", GetObservationStream)
        .WithTags("Observations")
        .RequireScope(CallerScopes.Read)
        // A stream can stay open for hours, so the number of streams has its own limit.
        .WithMetadata(CallerRateLimitMetadata.LongLived)
        .WithName("GetObservationStream")
        .WithSummary("Current state of the queues, as server-sent events")
        .WithDescription(
            "Unless the stream is resumed with Last-Event-ID, the first event is a snapshot: its data is the response of GET /observations. A change event contains the complete records that have changed, and the keys of records that no longer exist. "
            + "If nothing changes, a heartbeat event is sent at least every 15 seconds. Each event contains meta with the age of the state. Durations are measured at the time of the event, and continue to grow "
            + "until the record is sent again. A slow subscriber gets the newest state, not the changes that it missed. The stream ends when the service stops, the credentials expire, or the selected "
            + "queues can no longer be resolved.")
        .WithParameters(StreamParameterMetadata.All)
        .RequireEventsAccepted()
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]) { Description = "Events until the subscriber or the service ends the stream." })
        .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
        .WithProblems(
            ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge,
            ProblemType.CallerRateLimited, ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded, ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout);

    private static async Task<IResult> GetObservationStream(
        [AsParameters] StreamParameters parameters, HttpContext http, ObservationsParametersValidator validator, ObservedQueuesResolver queues, StreamGroupRegistry groups,
        StreamSender sender, IOptions<ObservationsOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var shared = parameters.Shared;
        ParameterRules.ThrowIfInvalid(http.Request.Query, StreamParameters.Names, StreamParameters.Names, validator.ErrorsOf(shared, now, ResponseFormat.Json, StreamParameters.Names));
        var (query, caller) = (ObservationsQuery.Of(shared, now, ResponseFormat.Json), http.Caller());
        if (http.Response.IsToHead())
        {
            await queues.ResolveAsync(query, caller, cancellationToken);
            StreamSender.Describe(http.Response);
            return Results.Empty;
        }

        using var subscription = groups.Enter(query, caller);
        var first = await subscription.Group.StartAsync(Duration.FromTimeSpan(options.Value.MaxAge), caller, cancellationToken);
        await sender.SendAsync(subscription.Group, first, StreamPosition.Of(parameters.LastEventId), caller, http);
        return Results.Empty;
    }
}
