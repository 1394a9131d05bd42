using System.Collections.Concurrent;
using System.Net;
using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Client.Infrastructure;

/// <summary>A client of the package, connected to a running service and using its clock. It records what the two exchange.</summary>
internal sealed class ConnectedClient : DelegatingHandler
{
    private ConnectedClient(RunningService service, AnalyticsClientOptions options)
        : base(service.Server.CreateHandler())
    {
        Client = new AnalyticsClient(new HttpClient(this) { BaseAddress = service.Server.BaseAddress }, options);
    }

    public AnalyticsClient Client { get; }

    public ConcurrentQueue<(HttpStatusCode Status, string Condition, string Position)> Responses { get; } = [];

    /// <summary>Called with each response before the client reads it.</summary>
    public Func<HttpResponseMessage, HttpResponseMessage> Network { get; set; } = response => response;

    public static ConnectedClient To(RunningService service, string? apiKey = null, Action<AnalyticsClientOptions>? configure = null)
    {
        var options = new AnalyticsClientOptions { ApiKey = apiKey, TimeProvider = service.Clock };
        configure?.Invoke(options);
        return new ConnectedClient(service, options);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var position = request.Headers.TryGetValues("Last-Event-ID", out var values) ? values.Single() : "";
        Responses.Enqueue((response.StatusCode, request.Headers.IfNoneMatch.ToString(), position));
        return Network(response);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Client.Dispose();
        }

        base.Dispose(disposing);
    }
}
