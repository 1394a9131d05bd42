using System.Net;
using System.Net.Http.Headers;
using GenesysSimulator.World;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Sends random queries, waits in between, and sometimes sends the ETag that it already has.</summary>
/// <param name="speed">The factor by which the waits are shortened.</param>
internal sealed class ChaosCaller(HttpClient client, TimeProvider clock, Random dice, DateOnly today, IReadOnlyList<SimulatedQueue> queues, double speed = 1)
{
    private readonly Dictionary<string, (ChaosQuery Query, EntityTagHeaderValue Tag, string Body)> _previous = [];

    public async Task<ChaosResponse> QueryAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds((0.5 + (4 * dice.NextDouble())) / speed), clock, TestContext.Current.CancellationToken);

        // A dashboard repeats its queries.
        return await QueryAsync(_previous.Count > 0 && dice.Next(2) == 0 ? _previous.Values.ElementAt(dice.Next(_previous.Count)).Query : ChaosQuery.Any(dice, today, queues));
    }

    public async Task<ChaosResponse> QueryAsync(ChaosQuery query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(query.Url, UriKind.Relative));
        var hasTag = _previous.TryGetValue(query.Url, out var previous) && dice.Next(2) == 0;
        if (hasTag)
        {
            request.Headers.IfNoneMatch.Add(previous.Tag);
        }

        var sentAt = clock.GetUtcNow();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var receivedAt = clock.GetUtcNow();
        if (response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag })
        {
            _previous[query.Url] = (query, tag, body);
        }

        var isNotModified = response.StatusCode == HttpStatusCode.NotModified;
        return new(
            query, sentAt, receivedAt, response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.RetryAfter is not null,
            isNotModified ? previous.Body : body,
            isNotModified ? response.Headers.GetValues("X-Data-As-Of").Single() : null,
            isNotModified ? response.Headers.GetValues("X-Data-Stale").Single() == "true" : null);
    }
}
