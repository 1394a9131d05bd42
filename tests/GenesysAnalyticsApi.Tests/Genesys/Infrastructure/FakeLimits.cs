using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using GenesysAnalyticsApi.Genesys.Limits;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>An organization whose limits a test changes, and the reader of these limits. The settings are far higher, so the ceilings apply.</summary>
internal sealed class FakeLimits : IDisposable
{
    private const string Root = "/api/v2/organizations/limits/";
    private const int Setting = 100_000;

    private readonly GatewayDriver _driver = new();
    private readonly ConcurrentDictionary<string, Func<HttpResponseMessage>> _replies = [];

    public FakeLimits()
    {
        _driver.Genesys.DefaultReply = sent => _replies.TryGetValue(sent.Url.PathAndQuery[Root.Length..], out var reply)
            ? reply()
            : FakeGenesysHandler.Response(HttpStatusCode.NotFound, Wire.Error("not.found", "The requested resource was not found."));
        Docs(Documented(("platform.api", [Documented("client.credentials.token.rate.per.minute", 300)])));
    }

    /// <summary>The values that apply with settings of 100,000: requests per minute, predicates, topics, channels, page size.</summary>
    public int[] Applied => [
        _driver.Ceilings.RequestsPerMinute(Setting), _driver.Ceilings.Predicates(Setting), _driver.Ceilings.TopicsPerChannel(Setting), _driver.Ceilings.Channels(Setting),
        _driver.Ceilings.ActivityPageSize(Setting),
    ];

    public IEnumerable<string> Requested => _driver.Genesys.Requests.Select(sent => sent.Url.PathAndQuery[Root.Length..]);

    public IReadOnlyList<string> Log => _driver.Logs.Lines;

    public LimitFinding this[LimitKind kind] => _driver.Ceilings.Find(kind);

    public void Reply(string path, HttpStatusCode status, string body) => _replies[path] = () => FakeGenesysHandler.Response(status, body);

    /// <summary>Replies with headers but without ever sending the body.</summary>
    public void Hang(string path) => _replies[path] = () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Pipe().Reader.AsStream()) };

    public void Docs(string body, HttpStatusCode status = HttpStatusCode.OK) => Reply("docs", status, body);

    public void Namespace(string name, string body, HttpStatusCode status = HttpStatusCode.OK) => Reply($"namespaces/{name}", status, body);

    public void Namespace(string name, params IEnumerable<(string Key, object? Value)> limits) =>
        Namespace(name, $$"""{"entities":[{{string.Join(',', limits.Select(limit => $$"""{"namespace":"{{name}}","key":"{{limit.Key}}","value":{{limit.Value ?? "null"}}}"""))}}]}""");

    public static string Documented(params IEnumerable<(string Name, string[] Limits)> namespaces) => $$"""
        {"url":"https://developer.example/limits","namespaces":[{{string.Join(',', namespaces.Select(one =>
            $$"""{"name":"{{one.Name}}","friendlyName":"{{one.Name}}","limits":[{{string.Join(',', one.Limits)}}]}"""))}}]}
        """;

    public static string Documented(string key, object? defaultValue, string description = "") =>
        $$"""{"key":"{{key}}","defaultValue":{{defaultValue ?? "null"}},"description":"{{description}}","resource":"","configurable":true,"trackable":true}""";

    /// <summary>Reads the limits, as the service does after its start and then from time to time.</summary>
    /// <returns>How long the service waits before it reads them again.</returns>
    public Task<TimeSpan> ReadAsync() => _driver.LimitsReader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Reads the limits, and advances the clock once the given number of requests was sent.</summary>
    public async Task<TimeSpan> ReadWithTimeAsync(int requests)
    {
        var reading = ReadAsync();
        while (Requested.Count() < requests)
        {
            await GatewayDriver.SettleAsync(reading);
        }

        await _driver.PassTimeUntilAsync(reading);
        return await reading;
    }

    /// <summary>Reads the limits again, hours later.</summary>
    public Task<TimeSpan> ReadAgainAsync()
    {
        _driver.Clock.Advance(OrganizationLimitsRefresher.Interval);
        return ReadAsync();
    }

    public void Dispose() => _driver.Dispose();

}
