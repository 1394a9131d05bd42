using System.Net;
using GenesysAnalyticsApi.Client.Aggregates;
using GenesysAnalyticsApi.Client.Observations;
using GenesysAnalyticsApi.Client.Observations.StreamNamespace;
using GenesysAnalyticsApi.Client.Pipeline;
using Microsoft.Extensions.Options;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using AggregatesFormat = GenesysAnalyticsApi.Client.Aggregates.GetFormatQueryParameterType;
using ObservationsFormat = GenesysAnalyticsApi.Client.Observations.GetFormatQueryParameterType;

namespace GenesysAnalyticsApi.Client;

/// <summary>
/// Typed access to the service. The other half of this class is generated from the OpenAPI document, with a property for each endpoint, such as
/// <c>client.Queues.GetAsync()</c>. All calls, including those of the generated half, retry a request after a 429 or 503, send conditional requests, and
/// report errors as <see cref="AnalyticsProblemException"/>. The class is thread-safe: an application needs one instance for each caller.
/// </summary>
public sealed partial class AnalyticsClient : IDisposable
{
    private readonly AnalyticsClientOptions _options = new();
    private readonly HttpClient? _http;

    /// <summary>Creates a client with its own connections.</summary>
    /// <param name="baseAddress">The address of the service, such as <c>https://analytics.example.com</c>.</param>
    /// <param name="apiKey">The caller's key; null for an anonymous caller.</param>
    /// <exception cref="OptionsValidationException">The address or the key cannot be used.</exception>
    public AnalyticsClient(Uri baseAddress, string? apiKey = null)
        : this(new AnalyticsClientOptions { BaseAddress = baseAddress, ApiKey = apiKey })
    {
    }

    /// <summary>Creates a client with its own connections.</summary>
    /// <param name="options">The address, credentials and limits.</param>
    /// <exception cref="OptionsValidationException">Options are invalid; the message names all of them.</exception>
    public AnalyticsClient(AnalyticsClientOptions options)
        : this(options, options?.BaseAddress, OwnConnections)
    {
    }

    /// <summary>Creates a client that sends its requests with an HTTP client of the application, whose handlers and timeout apply to each attempt.</summary>
    /// <param name="http">Disposed by the application. It should not follow redirects, because the key would follow them.</param>
    /// <param name="options">Null for the defaults. Without an address, that of the HTTP client is used.</param>
    /// <exception cref="OptionsValidationException">Options are invalid; the message names all of them.</exception>
    public AnalyticsClient(HttpClient http, AnalyticsClientOptions? options = null)
        : this(options ?? new AnalyticsClientOptions(), options?.BaseAddress ?? http?.BaseAddress, () => new HttpClientTransport(() => http!, owned: null))
    {
        ArgumentNullException.ThrowIfNull(http);
    }

    internal AnalyticsClient(AnalyticsClientOptions options, Uri? baseAddress, Func<HttpMessageHandler> transport)
        : this(options, Pipeline(options, baseAddress, transport))
    {
    }

    private AnalyticsClient(AnalyticsClientOptions options, HttpClient http)
        : this(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)) => (_options, _http) = (options, http);

    /// <summary>The figures of <c>GET /aggregates</c>.</summary>
    /// <param name="query">Sets the parameters, such as <c>query => query.Last = "PT24H"</c>. Null for the last 24 hours.</param>
    /// <param name="cancellationToken">Cancels the call, even while it waits for a retry.</param>
    /// <exception cref="AnalyticsProblemException">The service responded with a problem.</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    /// <exception cref="ArgumentException">The parameters request a format other than JSON, or the plan instead of figures.</exception>
    public async Task<QueueAggregates> GetAggregatesAsync(
        Action<AggregatesRequestBuilder.AggregatesRequestBuilderGetQueryParameters>? query = null, CancellationToken cancellationToken = default)
    {
        var headers = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
        var body = await Aggregates.GetAsync(
            request =>
            {
                query?.Invoke(request.QueryParameters);
                Reject(request.QueryParameters.Format is not (null or AggregatesFormat.Json), nameof(request.QueryParameters.Format), request.QueryParameters.Format);
                Reject(request.QueryParameters.Explain == true, nameof(request.QueryParameters.Explain), request.QueryParameters.Explain);
                request.Options.Add(headers);
            },
            cancellationToken).ConfigureAwait(false);
        return new QueueAggregates(body!, headers.ResponseHeaders);
    }

    /// <summary>The current state of the queues, from <c>GET /observations</c>.</summary>
    /// <param name="query">Sets the parameters. Null for all queues.</param>
    /// <param name="cancellationToken">Cancels the call, even while it waits for a retry.</param>
    /// <exception cref="AnalyticsProblemException">The service responded with a problem.</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    /// <exception cref="ArgumentException">The parameters request a format other than JSON.</exception>
    public async Task<QueueObservations> GetObservationsAsync(
        Action<ObservationsRequestBuilder.ObservationsRequestBuilderGetQueryParameters>? query = null, CancellationToken cancellationToken = default)
    {
        var body = await Observations.GetAsync(
            request =>
            {
                query?.Invoke(request.QueryParameters);
                Reject(request.QueryParameters.Format is not (null or ObservationsFormat.Json), nameof(request.QueryParameters.Format), request.QueryParameters.Format);
            },
            cancellationToken).ConfigureAwait(false);
        return new QueueObservations(body!);
    }

    /// <summary>
    /// The current state of the queues and every change of it, from <c>GET /observations/stream</c>. If the connection is lost, the client reconnects for up
    /// to <see cref="AnalyticsClientOptions.MaxReconnectTime"/>, and resumes after the last event.
    /// </summary>
    /// <param name="query">Sets the parameters. Null for all queues.</param>
    /// <param name="lastEventId">The <see cref="ObservationEvent.Id"/> after which to resume an earlier stream.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The events. They end only with a cancellation or an exception.</returns>
    /// <exception cref="AnalyticsProblemException">The service responded with a problem, such as an unknown queue.</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    /// <exception cref="IOException">The stream was lost and could not be resumed in time.</exception>
    public IAsyncEnumerable<ObservationEvent> StreamObservationsAsync(
        Action<StreamRequestBuilder.StreamRequestBuilderGetQueryParameters>? query = null, string? lastEventId = null, CancellationToken cancellationToken = default) =>
        new ObservationStream(
            (position, cancelled) => Observations.Stream.GetAsync(
                request =>
                {
                    query?.Invoke(request.QueryParameters);
                    if (position is not null)
                    {
                        request.Headers.Add("Last-Event-ID", position);
                    }
                },
                cancelled),
            _options).ReadAsync(lastEventId, cancellationToken);

    /// <summary>Closes the connections that the client has opened itself; an HTTP client of the application stays open.</summary>
    public void Dispose() => _http?.Dispose();

    /// <summary>Follows no redirects, because the key would be sent to their target. Renews connections, because DNS entries change.</summary>
    internal static SocketsHttpHandler Connections() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    private static HttpClientTransport OwnConnections()
    {
        var http = new HttpClient(Connections()) { Timeout = Timeout.InfiniteTimeSpan };
        return new HttpClientTransport(() => http, owned: http);
    }

    private static void Reject(bool isUnsupported, string parameter, object? value)
    {
        if (isUnsupported)
        {
            throw new ArgumentException($"{parameter} is '{value}': this method reads figures as JSON. Read files and plans with an HttpClient.", parameter);
        }
    }

    /// <summary>Builds the pipeline. From the outside in: credentials, problems, response headers, conditional requests, retries.</summary>
    private static HttpClient Pipeline(AnalyticsClientOptions options, Uri? baseAddress, Func<HttpMessageHandler> transport)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Faults(baseAddress).ToList() is [_, ..] faults)
        {
            throw new OptionsValidationException(nameof(AnalyticsClientOptions), typeof(AnalyticsClientOptions), faults);
        }

        var root = new Uri($"{baseAddress!.GetLeftPart(UriPartial.Path).TrimEnd('/')}/");
        HttpMessageHandler inner = transport();
        DelegatingHandler[] fromInnermost =
        [
            new RetryAfterHandler(options),
            new ConditionalRequestHandler(new RememberedResponses(options.MaxRememberedResponses, options.MaxRememberedBytes)),
            new HeadersInspectionHandler(),
            new ProblemHandler(options),
            new CredentialsHandler(options, root),
        ];
        foreach (var handler in fromInnermost)
        {
            handler.InnerHandler = inner;
            inner = handler;
        }

        return new HttpClient(inner) { BaseAddress = root, Timeout = options.Timeout };
    }
}
