using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Observations;

/// <summary>Handles one request for the current state: checks the parameters, gets the response from <see cref="ObservationsReader"/> and sends it.</summary>
internal sealed class ObservationsRequestHandler(ObservationsParametersValidator validator, ObservationsReader reader, TimeProvider clock)
{
    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    public async Task<IResult> HandleAsync(ObservationsParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        var query = QueryOf(parameters, http);
        var caller = http.Caller();
        var response = await reader.ReadAsync(query, caller, cancellationToken);
        await SendAsync(response, query, caller.Visibility.Key, http);
        return Results.Empty;
    }

    /// <exception cref="ProblemException">A parameter is invalid, or the caller accepts none of the formats.</exception>
    private ObservationsQuery QueryOf(ObservationsParameters parameters, HttpContext http)
    {
        var now = Now;
        var format = ResponseFormat.Of(parameters.Format, http.Request.Headers.Accept, ResponseFormat.All);
        ParameterRules.ThrowIfInvalid(http.Request.Query, ObservationsParameters.Names, ObservationsParameters.RepeatableNames, validator.ErrorsOf(parameters, now, format));
        return ObservationsQuery.Of(parameters, now, format!);
    }

    private async Task SendAsync(ObservationsResponse response, ObservationsQuery query, string visibilityKey, HttpContext http)
    {
        var headers = http.Response.Headers;
        var meta = response.Meta;
        ResponseHeaders.Begin(http.Response, trailers: "");
        var isCompleteAndFresh = meta is { Complete: true, Stale: false };
        var etag = ObservationsResponseBuilder.ETagOf(response, query, visibilityKey);
        headers.ETag = etag;
        headers["X-Data-As-Of"] = InstantFormat.Print(meta.AsOf);
        headers["X-Data-Complete"] = meta.Complete ? "true" : "false";
        headers["X-Data-Stale"] = meta.Stale ? "true" : "false";
        headers["X-Row-Count"] = response.Records.Count.ToString(CultureInfo.InvariantCulture);
        if (isCompleteAndFresh)
        {
            headers.CacheControl = ResponseFreshness.CacheControl(Math.Max(1, ((long)reader.MaxAgeOf(query).TotalMilliseconds - meta.AgeMs) / 1000));
        }

        if (isCompleteAndFresh && MatchesETag(http.Request, etag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = await ObservationsWriters.WriteAsync(response, query);
        var encoding = query.Format.IsCompressed ? null : ContentCoding.Best(http.Request.Headers.AcceptEncoding, body.Length);
        var encoded = new EncodedBody(body).In(encoding);
        http.Response.ContentLength = encoded.Length;
        ResponseSender.Describe(http.Response, query.Format, encoding, "observations");
        await http.Response.Body.WriteAsync(encoded, http.RequestAborted);
    }

    private static bool MatchesETag(HttpRequest request, string etag) =>
        request.Headers.IfNoneMatch is { Count: > 0 } ifNoneMatch
        && EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags)
        && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(EntityTagHeaderValue.Parse(etag), useStrongComparison: false));
}

/// <summary>Reads the current state for a query: resolves the queues, gets the state and builds the response.</summary>
internal sealed class ObservationsReader(
    ObservedQueuesResolver queues, ILiveState state, ObservationsResponseBuilder builder, IOptions<ObservationsOptions> options, IOptions<AggregatesOptions> aggregates, TimeProvider clock)
{
    /// <exception cref="ProblemException">A queue is unknown or ambiguous, or the queues that the caller can see are not known yet.</exception>
    /// <exception cref="GenesysException">The state could not be read in time, or a part of it is missing and the query denies partial responses.</exception>
    public async Task<ObservationsResponse> ReadAsync(ObservationsQuery query, Caller caller, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(aggregates.Value.Timeout, clock, cancellationToken);
        try
        {
            var observed = await queues.ResolveAsync(query, caller, deadline.Token);
            var latest = await state.GetAsync(MaxAgeOf(query), caller.Origin, deadline.Token);
            var response = builder.Build(latest, query, observed, Instant.FromDateTimeOffset(clock.GetUtcNow()));
            ObservationsResponseBuilder.Check(response, query);
            return response;
        }
        catch (OperationCanceledException) when (deadline.IsCallerConnected)
        {
            throw new GenesysException(deadline.Failure);
        }
    }

    /// <summary>The maximum age of the state: the setting, or the caller's value if that is shorter.</summary>
    public Duration MaxAgeOf(ObservationsQuery query)
    {
        var configured = Duration.FromTimeSpan(options.Value.MaxAge);
        return query.MaxAge is { } requested && requested < configured ? requested : configured;
    }
}
