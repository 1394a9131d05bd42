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
/// Typed access to the service. The other half of this class is generated from the OpenAPI document and has a property for each endpoint, as in
/// <c>client.Queues.GetAsync()</c>. All calls, including those of the generated half, go through the same pipeline: after a 429 or 503, it retries requests
/// that can safely be repeated; it sends conditional requests for remembered responses; and it reports error responses as
/// <see cref="AnalyticsProblemException"/>. The class is thread-safe: an application needs one instance for each set of credentials.
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
        : this(options, options?.BaseAddress, CreateOwnTransport)
    {
    }

    /// <summary>
    /// Creates a client that sends its requests with an HTTP client of the application. The handlers and the timeout of that HTTP client apply to each attempt.
    /// </summary>
    /// <param name="http">
    /// The HTTP client. The application disposes of it. It should not follow redirects, because it would send the key to their target.
    /// </param>
    /// <param name="options">The options; null for the defaults. If the options contain no address, the address of the HTTP client is used.</param>
    /// <exception cref="OptionsValidationException">Options are invalid; the message names all of them.</exception>
    public AnalyticsClient(HttpClient http, AnalyticsClientOptions? options = null)
        : this(options ?? new AnalyticsClientOptions(), options?.BaseAddress ?? http?.BaseAddress, () => new HttpClientTransport(() => http!, owned: null))
    {
        ArgumentNullException.ThrowIfNull(http);
    }

    internal AnalyticsClient(AnalyticsClientOptions options, Uri? baseAddress, Func<HttpMessageHandler> transport)
        : this(options, CreatePipeline(options, baseAddress, transport))
    {
    }

    private AnalyticsClient(AnalyticsClientOptions options, HttpClient http)
        : this(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)) => (_options, _http) = (options, http);

    /// <summary>Returns the figures of <c>GET /aggregates</c>.</summary>
    /// <param name="query">Sets the parameters, for example <c>query => query.Last = "PT24H"</c>. Null for the last 24 hours.</param>
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
                var parameters = request.QueryParameters;
                query?.Invoke(parameters);
                RejectIf(parameters.Format is not (null or AggregatesFormat.Json), nameof(parameters.Format), parameters.Format);
                RejectIf(parameters.Explain == true, nameof(parameters.Explain), parameters.Explain);
                request.Options.Add(headers);
            },
            cancellationToken).ConfigureAwait(false);
        return new QueueAggregates(body!, headers.ResponseHeaders);
    }

    /// <summary>Returns the current state of the queues, from <c>GET /observations</c>.</summary>
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
                var parameters = request.QueryParameters;
                query?.Invoke(parameters);
                RejectIf(parameters.Format is not (null or ObservationsFormat.Json), nameof(parameters.Format), parameters.Format);
            },
            cancellationToken).ConfigureAwait(false);
        return new QueueObservations(body!);
    }

    /// <summary>
    /// Streams the current state of the queues and every change to that state, from <c>GET /observations/stream</c>. If the connection is lost, the client
    /// tries to reconnect for up to <see cref="AnalyticsClientOptions.MaxReconnectTime"/>, and resumes after the last event.
    /// </summary>
    /// <param name="query">Sets the parameters. Null for all queues.</param>
    /// <param name="lastEventId">The <see cref="ObservationEvent.Id"/> after which to resume an earlier stream.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The events. The enumeration ends only with a cancellation or an exception.</returns>
    /// <exception cref="AnalyticsProblemException">The service responded with a problem, such as an unknown queue.</exception>
    /// <exception cref="HttpRequestException">The service could not be reached for the first connection.</exception>
    /// <exception cref="IOException">The stream was lost and could not be resumed within the allowed time.</exception>
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

    /// <summary>Closes the connections that the client has opened itself. An HTTP client of the application stays open.</summary>
    public void Dispose() => _http?.Dispose();

    /// <summary>
    /// Creates a handler that follows no redirects, because it would send the key to their target, and renews connections, because DNS entries change.
    /// </summary>
    internal static SocketsHttpHandler Connections() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    private static HttpClientTransport CreateOwnTransport()
    {
        var http = new HttpClient(Connections()) { Timeout = Timeout.InfiniteTimeSpan };
        return new HttpClientTransport(() => http, owned: http);
    }

    private static void RejectIf(bool isUnsupported, string parameter, object? value)
    {
        if (isUnsupported)
        {
            throw new ArgumentException($"{parameter} is '{value}': this method reads figures as JSON. Read files and plans with an HttpClient.", parameter);
        }
    }

    /// <summary>Creates the pipeline. Its handlers are, from the outside in: credentials, problems, response headers, conditional requests, retries.</summary>
    private static HttpClient CreatePipeline(AnalyticsClientOptions options, Uri? baseAddress, Func<HttpMessageHandler> transport)
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
