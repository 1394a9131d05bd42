using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Genesys.Infrastructure;

/// <summary>What a caller of the service received.</summary>
internal sealed record CallerResponse(int Status, int? RetryAfter, string Body)
{
    public string Detail => JsonDocument.Parse(Body).RootElement.GetProperty("detail").GetString()!;
}

/// <summary>
/// The whole service in front of a Genesys whose replies a test can replace per endpoint; the other endpoints reply normally. Requests are
/// counted at the upstream, and the clock advances while a caller waits.
/// </summary>
internal sealed class ScriptedGenesys : IDisposable
{
    public const string Login = "/oauth/token";
    public const string Queues = "/api/v2/routing/queues";
    public const string Aggregates = "/api/v2/analytics/conversations/aggregates/query";

    public static readonly string[] Endpoints = [Login, Queues, Aggregates];

    private readonly Dictionary<string, Func<HttpResponseMessage>> _replacements = new(StringComparer.Ordinal);
    private int _day;

    public ScriptedGenesys(Dictionary<string, string>? settings = null)
    {
        var upstream = new FakeUpstream()
            .On(HttpMethod.Post, Login, _ => Reply(Login, () => """{"access_token":"token-of-the-upstream","token_type":"bearer","expires_in":86400}"""))
            .On(HttpMethod.Get, Queues, _ => Reply(Queues, () => """{"entities":[{"id":"q1","name":"One"}],"pageNumber":1,"pageCount":1}"""))
            .On(HttpMethod.Post, Aggregates, _ => Reply(Aggregates, () => """{"results":[]}"""));
        Service = new RunningService { Upstream = upstream, Clock = Clock, Settings = settings ?? [] };
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));

    public RunningService Service { get; }

    public void Replace(string path, Func<HttpResponseMessage> reply) => _replacements[path] = reply;

    public void Heal() => _replacements.Clear();

    public int Count(string path) => Service.Upstream!.Requests.Count(uri => uri.AbsolutePath == path);

    /// <summary>Queries figures that no earlier query needed.</summary>
    public Task<CallerResponse> QueryAsync() => QueryAsync($"/aggregates?from={Day(_day)}&to={Day(++_day)}&granularity=PT1H");

    public async Task<CallerResponse> QueryAsync(string path)
    {
        using var client = Service.CreateClient();
        var pending = client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        while (!pending.IsCompleted)
        {
            await GatewayDriver.SettleAsync(pending);
            if (!pending.IsCompleted)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(250));
            }
        }

        using var response = await pending;
        return new CallerResponse(
            (int)response.StatusCode, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static HttpResponseMessage Page(int status, string html, string? type = "text/html")
    {
        var page = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(html)) };
        page.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return page;
    }

    public static HttpResponseMessage Json(int status, string json) =>
        new((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public void Dispose() => Service.Dispose();

    private HttpResponseMessage Reply(string path, Func<string> body) => _replacements.TryGetValue(path, out var replacement) ? replacement() : Json(200, body());

    // Each query has a different day, because the hours of a day are one slice.
    private static string Day(int number) => new DateTime(2022, 1, 1).AddDays(number).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
