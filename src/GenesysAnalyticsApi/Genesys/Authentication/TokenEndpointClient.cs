using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Settings;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Performs the client-credentials login, and retries it if a retry can help. A login does not use the API pipeline, because its errors have a different shape,
/// a throttled endpoint replies with 400, and a login needs no lease: Genesys counts requests per token.
/// </summary>
internal sealed class TokenEndpointClient(
    IHttpClientFactory clients, GenesysTelemetry metrics, IOptions<GenesysOptions> options, GenesysClock genesysClock, TimeProvider clock)
{
    public const string ClientName = "genesys-login";

    // The bounds of Genesys' accessTokenValiditySeconds setting. The lower bound is also the default if the reply contains no lifetime.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(48);

    /// <summary>
    /// The minimum lifetime that is assumed, because a lifetime of seconds would cause a login every few seconds. A token that expires earlier is
    /// replaced when Genesys rejects it.
    /// </summary>
    private static readonly TimeSpan MinLifetime = TimeSpan.FromMinutes(1);

    /// <summary>The maximum length of a token. The token is sent in a header, and servers commonly accept 8 KiB of headers.</summary>
    private const int MaxTokenLength = 8 * 1024;

    private readonly GenesysOptions _options = options.Value;
    private readonly ResiliencePipeline<AccessToken> _withRetries =
        new ResiliencePipelineBuilder<AccessToken> { TimeProvider = clock }.AddRetry(Retry(options.Value)).AddTimeout(options.Value.AttemptTimeout).Build();

    private readonly ResiliencePipeline<AccessToken> _withoutRetries =
        new ResiliencePipelineBuilder<AccessToken> { TimeProvider = clock }.AddTimeout(options.Value.AttemptTimeout).Build();

    /// <param name="mayRetry">False if the previous login failed. In that case, one attempt is enough.</param>
    public async Task<AccessToken> RequestTokenAsync(bool mayRetry, CancellationToken cancellationToken)
    {
        try
        {
            return await (mayRetry ? _withRetries : _withoutRetries).ExecuteAsync(async token => await AttemptAsync(token), cancellationToken);
        }
        catch (GenesysException exception)
        {
            // The retry kind is not passed on, because the requests waiting for the token must not retry the login again.
            throw new GenesysException(exception.Failure, inner: exception.InnerException);
        }
        catch (Exception exception) when (exception is TimeoutRejectedException or OperationCanceledException)
        {
            throw TokenEndpointFailures.NotReached(exception);
        }
    }

    private static RetryStrategyOptions<AccessToken> Retry(GenesysOptions options) => new()
    {
        MaxRetryAttempts = 3,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception switch
        {
            GenesysException { Retry: RetryKind.Backoff } known => !(known.Failure.RetryAfter > options.MaxRetryAfter),
            GenesysException { Retry: RetryKind.Once } => arguments.AttemptNumber == 0,
            TimeoutRejectedException => true,
            _ => false,
        }),
        DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(arguments.Outcome.Exception is GenesysException known
            ? GenesysBackoff.Delay(known.Failure, arguments.AttemptNumber, Random.Shared.NextDouble())
            : TimeSpan.Zero),
    };

    private async Task<AccessToken> AttemptAsync(CancellationToken cancellationToken)
    {
        using var request = CreateRequest();
        using var instrumentation = new AttemptInstrumentation(metrics, clock, "token", request, attempt: 1, _options.AttemptTimeout);
        try
        {
            using var client = clients.CreateClient(ClientName);
            var sentAt = clock.GetUtcNow();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            genesysClock.Observe(response.Headers.Date, sentAt, clock.GetUtcNow());
            instrumentation.RecordReply(response);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, request.Headers.Authorization, cancellationToken)
                : throw TokenEndpointFailures.FromReply(
                    response, await GenesysErrorBody.ReadAsync(response, request.Headers.Authorization, _options.ClientSecret, cancellationToken), _options, clock);
        }
        catch (Exception exception)
        {
            instrumentation.RecordFailure(exception);
            if (exception is HttpRequestException or IOException)
            {
                throw TokenEndpointFailures.NotReached(exception);
            }

            throw;
        }
    }

    private HttpRequestMessage CreateRequest()
    {
        if (string.IsNullOrEmpty(_options.ClientId) || string.IsNullOrEmpty(_options.ClientSecret))
        {
            throw TokenEndpointFailures.NoCredentials();
        }

        var url = GenesysRegions.LoginBaseUrlOf(_options).AbsoluteUri.TrimEnd('/') + "/oauth/token";
        var credentials = Encoding.Latin1.GetBytes($"{_options.ClientId}:{_options.ClientSecret}");
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Headers =
            {
                Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials)),
                Accept = { new MediaTypeWithQualityHeaderValue("application/json") },
            },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
    }

    private async Task<AccessToken> ReadAsync(HttpResponseMessage response, AuthenticationHeaderValue? credentials, CancellationToken cancellationToken)
    {
        try
        {
            // The time is read before the body, so the lifetime is not overestimated if the body arrives slowly.
            var now = clock.GetUtcNow();
            await using var body = new BoundedReplyStream(await response.Content.ReadAsStreamAsync(cancellationToken), ReplyLimit.Token, GenesysExceptionFactory.TooLong);
            if (await HtmlDetector.IsHtmlAsync(response.Content, body, cancellationToken))
            {
                var page = await GenesysErrorBody.ReadPageAsync(body, response, credentials, clientSecret: null, cancellationToken);
                throw TokenEndpointFailures.FromReply(response, page, _options, clock);
            }

            var reply = await JsonSerializer.DeserializeAsync(body, GenesysLoginJson.Default.TokenReply, cancellationToken);
            return reply is { Error.Length: > 0 } ? throw TokenEndpointFailures.Unreadable("it has an error body although its status is a success")
                : reply is { AccessToken.Length: > 0 } && IsBearer(reply.TokenType) && IsPrintable(reply.AccessToken)
                ? new AccessToken(reply.AccessToken, LifetimeOf(reply), now)
                : throw TokenEndpointFailures.Unreadable("it has no bearer token");
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw TokenEndpointFailures.Unreadable("it is not JSON");
        }
    }

    private static TimeSpan LifetimeOf(TokenReply reply) => reply.ExpiresIn switch
    {
        > 0 and { } seconds => TimeSpan.FromSeconds(Math.Clamp(seconds, MinLifetime.TotalSeconds, MaxLifetime.TotalSeconds)),
        _ => DefaultLifetime,
    };

    private static bool IsBearer(string? type) => type is null || type.Equals("bearer", StringComparison.OrdinalIgnoreCase);

    // A line break in the token would corrupt the Authorization header.
    private static bool IsPrintable(string token) => token.Length <= MaxTokenLength && token.All(character => character is > ' ' and < (char)127);
}

/// <summary>The reply of the token endpoint. The message of a JSON exception could quote the reply, so no JSON exception is passed on.</summary>
internal sealed record TokenReply
{
    public string? AccessToken { get; init; }

    public string? TokenType { get; init; }

    public double? ExpiresIn { get; init; }

    /// <summary>Null on success.</summary>
    public string? Error { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TokenReply))]
internal sealed partial class GenesysLoginJson : JsonSerializerContext;

/// <summary>Creates the exceptions for failures of the token endpoint. Its replies have a different shape from the replies of the API.</summary>
internal static class TokenEndpointFailures
{
    public static GenesysException NoCredentials() =>
        new(new(GenesysFailureKind.Unauthorized, "Genesys:ClientId or Genesys:ClientSecret is not set. Set both."));

    /// <summary>Converts an unsuccessful reply. A throttled endpoint can reply with 400, and then only the description shows that it throttles.</summary>
    public static GenesysException FromReply(HttpResponseMessage response, GenesysErrorBody body, GenesysOptions options, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfterParser.Of(response, body, clock);
        if (body.IsHtmlPage)
        {
            return GenesysExceptionFactory.HtmlPage(status, body, "Genesys:LoginBaseUrl", wait);
        }

        var throttled = status == 429
            || (status == 400 && body.Message?.StartsWith("rate limit exceeded", StringComparison.OrdinalIgnoreCase) == true);
        var (kind, retry, message) = status switch
        {
            _ when throttled => (GenesysFailureKind.RateLimited, RetryKind.Backoff, "Genesys is throttling the logins of this service."),
            408 or >= 500 => (GenesysFailureKind.Unavailable, RetryKind.Backoff, $"The Genesys login is unavailable ({status})."),
            400 or 401 or 403 => (GenesysFailureKind.Unauthorized, RetryKind.Never, CredentialsRefused(status, options)),
            >= 300 and < 400 => (GenesysFailureKind.Rejected, RetryKind.Never,
                $"The Genesys login replied with a redirect{GenesysExceptionFactory.TargetOf(response)} ({status}). The service did not follow it, because that would expose the client secret. "
                + "Check Genesys:Region, Genesys:LoginBaseUrl and the proxy (HTTPS_PROXY)."),
            407 => (GenesysFailureKind.Rejected, RetryKind.Never,
                "A proxy between this service and the Genesys login requires credentials (407): add them to the address in HTTPS_PROXY."),
            _ => (GenesysFailureKind.Rejected, RetryKind.Never, $"The Genesys login rejected the request ({status}). Check Genesys:Region and Genesys:LoginBaseUrl."),
        };
        return new(new(kind, message, status, body.Code, body.Message, body.CorrelationId, wait)) { Retry = retry };
    }

    public static GenesysException Unreadable(string reason) =>
        new(new(GenesysFailureKind.Unreadable, $"The reply of the Genesys login could not be read: {reason}. Check Genesys:Region and Genesys:LoginBaseUrl."))
        {
            Retry = RetryKind.Backoff,
        };

    public static GenesysException NotReached(Exception cause) => GenesysExceptionFactory.HasTooLongHeaders(cause)
        ? Unreadable($"its headers exceed {ReplyLimit.HeaderKiB} KiB")
        : new(new(GenesysFailureKind.Unavailable, $"The Genesys login could not be reached{GenesysExceptionFactory.CategoryOf(cause)}."), inner: cause) { Retry = RetryKind.Backoff };

    private static string CredentialsRefused(int status, GenesysOptions options)
    {
        var location = options.LoginBaseUrl is { } url ? $"at {url.Host}" : $"in region {options.Region}";
        return $"Genesys rejected the OAuth client {location} ({status}). Check Genesys:ClientId and Genesys:ClientSecret, "
            + "and that the client belongs to this region.";
    }
}
