using System.Collections.Concurrent;
using System.Net;
using CsCheck;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Serilog.Core;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>The whole service in front of a healthy Genesys: every rejection is caused by the request.</summary>
internal sealed class FuzzedService : IAsyncDisposable
{
    public static readonly Instant Now = Instant.FromUtc(2026, 10, 26, 9, 15, 20); // Berlin's 25-hour day has just ended

    /// <summary>Placeholder for the key of a caller who sees only some queues.</summary>
    public const string LimitedKey = "gaa_limited";

    private const int RequestsPerSecond = 50;

    private readonly FakeTimeProvider _clock = new(Now.ToDateTimeOffset());
    private readonly IssuedKeys _keys = new IssuedKeys().Add("limited", ("Queues:0", "Sales*"));
    private int _requests;

    public FuzzedService()
    {
        Genesys = new FakeGenesysServer
        {
            Events = FakeEvents.Before(Now).Array[60].Single(_ => true, "0N0XIzNsQ0O2"),
            Users = [new("e0000000-0000-4000-8000-000000000001", "Ada", "active"), new("e0000000-0000-4000-8000-000000000002", "=1+1", "inactive")],
            WrapUpCodes = [new("f0000000-0000-4000-8000-000000000001", "Sold"), new("ININ-WRAP-UP-TIMEOUT", null)],
        };
        Upstream = Genesys.Upstream();
        Service = new RunningService
        {
            Clock = _clock,
            Upstream = Upstream,
            Settings = new(_keys.Settings)
            {
                ["Auth:Mode"] = "ApiKey, Anonymous",
                ["Auth:AnonymousScopes"] = "read,agents",
                ["Genesys:RequestsPerMinute"] = "100000",
                // The minimum sizes, so that caches do not explain growth beyond them.
                ["Cache:MaxBytes"] = "16777216",
                ["Cache:MaxAnswerBytes"] = "1048576",
                ["Cache:MaxDiskBytes"] = "1048576",
                ["Aggregates:MaxRows"] = "500",
                ["Aggregates:MaxSegmentedRows"] = "500",
            },
            Replace = services => services.RemoveAll<ILogEventSink>().AddSingleton<ILogEventSink>(Log),
        };
    }

    public RunningService Service { get; }

    public FakeGenesysServer Genesys { get; }

    public FakeUpstream Upstream { get; }

    public FuzzedLog Log { get; } = new();

    /// <summary>The number of responses per status.</summary>
    public ConcurrentDictionary<HttpStatusCode, int> Statuses { get; } = [];

    /// <summary>Bypasses the HTTP client, which would correct or reject many of these requests.</summary>
    public async Task<FuzzedResponse> QueryAsync(FuzzedRequest request)
    {
        // The clock must advance, because otherwise a limit per minute would be used up.
        if (Interlocked.Increment(ref _requests) % RequestsPerSecond == 0)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Genesys.Requests.Clear();
            while (Upstream.Requests.TryDequeue(out var url))
            {
                url.Host.ShouldEndWith(".mypurecloud.test");
            }
        }

        var exchange = await Service.Server.SendAsync(http => Fill(http, request), TestContext.Current.CancellationToken);
        using var body = new MemoryStream();
        await exchange.Response.Body.CopyToAsync(body, TestContext.Current.CancellationToken);
        var status = (HttpStatusCode)exchange.Response.StatusCode;
        Statuses.AddOrUpdate(status, 1, (_, times) => times + 1);
        return new FuzzedResponse(
            status,
            [.. exchange.Response.Headers.SelectMany(header => header.Value.Select(value => (header.Key, value ?? "")))],
            body.ToArray());
    }

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();

    private void Fill(HttpContext http, FuzzedRequest request)
    {
        http.Request.Method = request.Method;
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("localhost");
        // No server passes a null character in a path to the application.
        http.Request.Path = PathString.FromUriComponent(request.Path.Replace("%00", "%01", StringComparison.Ordinal));
        http.Request.QueryString = new QueryString(request.Query);
        foreach (var (name, value) in request.Headers)
        {
            http.Request.Headers.Append(name, value == LimitedKey ? _keys["limited"] : value);
        }

        if (request.Body.Length > 0)
        {
            http.Request.Body = new MemoryStream(request.BodyBytes);
            http.Request.ContentLength = request.Body.Length;
        }
    }
}

/// <summary>The response to a fuzzed request.</summary>
internal sealed record FuzzedResponse(HttpStatusCode Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string? Header(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();
}
