using System.Collections.Concurrent;
using System.Net;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// Replaces the primary handler of every HTTP client of the service. The service's own handlers still run. An unexpected request fails, and
/// the error names its method and address.
/// </summary>
internal sealed class FakeUpstream : HttpMessageHandler
{
    private readonly Dictionary<(HttpMethod Method, string Path), Func<HttpRequestMessage, HttpResponseMessage>> _replies = [];

    public ConcurrentQueue<Uri> Requests { get; } = [];

    public FakeUpstream On(HttpMethod method, string path, Func<HttpRequestMessage, HttpResponseMessage> reply)
    {
        _replies[(method, path)] = reply;
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request.RequestUri!);
        return _replies.TryGetValue((request.Method, request.RequestUri!.AbsolutePath), out var reply)
            ? Task.FromResult(reply(request))
            // A fake organization has no asynchronous queries unless a test defines a reply.
            : request.RequestUri.AbsolutePath == "/api/v2/analytics/conversations/aggregates/jobs" ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound))
            : throw new InvalidOperationException($"Unexpected request: {request.Method} {request.RequestUri}.");
    }
}
