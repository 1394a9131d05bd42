using System.Collections.Concurrent;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// Replaces the primary handler of every HTTP client of the service, below all its own handlers. An unexpected request fails with its
/// method and address.
/// </summary>
internal sealed class FakeUpstream : HttpMessageHandler
{
    private readonly Dictionary<(HttpMethod Method, string Path), Func<HttpRequestMessage, HttpResponseMessage>> _answers = [];

    public ConcurrentQueue<Uri> Asked { get; } = [];

    public FakeUpstream On(HttpMethod method, string path, Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        _answers[(method, path)] = answer;
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Enqueue(request.RequestUri!);
        return _answers.TryGetValue((request.Method, request.RequestUri!.AbsolutePath), out var answer)
            ? Task.FromResult(answer(request))
            : throw new InvalidOperationException($"Unexpected request: {request.Method} {request.RequestUri}.");
    }
}
