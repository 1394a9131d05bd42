using System.Net;
using System.Text;
using GenesysAnalyticsApi.Client;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Client.Infrastructure;

/// <summary>Stands in for the service, or for a proxy in front of it, to send scripted responses that the real service does not send.</summary>
internal sealed class ScriptedService : HttpMessageHandler
{
    public const string NoFigures =
        """{"query":{"interval":"a/b","timeZone":"UTC"},"meta":{"asOf":"2026-11-23T09:15:00Z","complete":true,"final":true,"stale":false,"warnings":[]},"records":[]}""";

    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _responses = [];

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));

    /// <summary>Method, path, and the value of If-None-Match.</summary>
    public List<(string Method, string Path, string Condition)> Requests { get; } = [];

    /// <summary>Adds a response. The responses are sent in the order in which they were added, one for each request.</summary>
    public ScriptedService Then(HttpStatusCode status, string body = NoFigures, string type = "application/json", params (string Name, string Value)[] headers) => Then(_ =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return response;
    });

    public ScriptedService Then(Func<HttpRequestMessage, HttpResponseMessage> respond)
    {
        _responses.Enqueue(respond);
        return this;
    }

    /// <summary>Returns a client that sends its requests with an HTTP client of the application.</summary>
    /// <param name="handler">A handler of the application, below the pipeline of the package.</param>
    public AnalyticsClient Client(Action<AnalyticsClientOptions>? configure = null, DelegatingHandler? handler = null)
    {
        var options = new AnalyticsClientOptions { TimeProvider = Clock };
        configure?.Invoke(options);
        handler?.InnerHandler = this;
        return new AnalyticsClient(new HttpClient((HttpMessageHandler?)handler ?? this) { BaseAddress = new Uri("http://analytics.test/") }, options);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.Method.Method, request.RequestUri!.AbsolutePath, request.Headers.IfNoneMatch.ToString()));
        var response = _responses.Dequeue()(request);
        response.RequestMessage = request;
        return Task.FromResult(response);
    }
}
