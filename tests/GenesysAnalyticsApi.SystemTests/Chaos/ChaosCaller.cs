using System.Net;
using System.Net.Http.Headers;
using GenesysSimulator.World;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Sends random queries, waits in between, and sometimes sends the ETag that it already has.</summary>
/// <param name="hurry">The factor by which it waits less.</param>
internal sealed class ChaosCaller(HttpClient client, TimeProvider clock, Random dice, DateOnly today, IReadOnlyList<SimulatedQueue> queues, double hurry = 1)
{
    private readonly Dictionary<string, (ChaosQuery Question, EntityTagHeaderValue Tag, string Body)> _had = [];

    public async Task<ChaosResponse> AskAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds((0.5 + (4 * dice.NextDouble())) / hurry), clock, TestContext.Current.CancellationToken);

        // A dashboard repeats its queries.
        return await AskAsync(_had.Count > 0 && dice.Next(2) == 0 ? _had.Values.ElementAt(dice.Next(_had.Count)).Question : ChaosQuery.Any(dice, today, queues));
    }

    public async Task<ChaosResponse> AskAsync(ChaosQuery question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(question.Url, UriKind.Relative));
        var has = _had.TryGetValue(question.Url, out var had) && dice.Next(2) == 0;
        if (has)
        {
            request.Headers.IfNoneMatch.Add(had.Tag);
        }

        var sentAt = clock.GetUtcNow();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var receivedAt = clock.GetUtcNow();
        if (response is { StatusCode: HttpStatusCode.OK, Headers.ETag: { } tag })
        {
            _had[question.Url] = (question, tag, body);
        }

        var isKnown = response.StatusCode == HttpStatusCode.NotModified;
        return new(
            question, sentAt, receivedAt, response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.RetryAfter is not null,
            isKnown ? had.Body : body,
            isKnown ? response.Headers.GetValues("X-Data-As-Of").Single() : null,
            isKnown ? response.Headers.GetValues("X-Data-Stale").Single() == "true" : null);
    }
}
