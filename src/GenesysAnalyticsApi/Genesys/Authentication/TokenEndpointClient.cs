using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// One client-credentials login, retried where that can help. It has a pipeline of its own: its errors have another shape, a
/// throttled endpoint answers 400, and it takes no permit, because Genesys counts requests per token.
/// </summary>
internal sealed class TokenEndpointClient
{
    public const string ClientName = "genesys-login";

    // The bounds of accessTokenValiditySeconds; the shorter one is assumed when the answer does not say.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(48);

    /// <summary>A life of seconds would be a login every few seconds; a token that dies earlier is replaced when it is refused.</summary>
    private static readonly TimeSpan LeastBelieved = TimeSpan.FromMinutes(1);

    /// <summary>It goes into a header of every call, and servers take 8 KiB of headers.</summary>
    private const int LongestToken = 8 * 1024;

    private readonly IHttpClientFactory _clients;
    private readonly GenesysOptions _options;
    private readonly GenesysClock _genesysClock;
    private readonly TimeProvider _clock;
    private readonly GenesysTelemetry _metrics;
    private readonly ResiliencePipeline<AccessToken> _retried;
    private readonly ResiliencePipeline<AccessToken> _single;

    public TokenEndpointClient(IHttpClientFactory clients, GenesysTelemetry metrics, IOptions<GenesysOptions> options, GenesysClock genesysClock, TimeProvider clock)
    {
        (_clients, _metrics, _options, _genesysClock, _clock) = (clients, metrics, options.Value, genesysClock, clock);
        var timeout = new TimeoutStrategyOptions { Timeout = _options.AttemptTimeout };
        _retried = new ResiliencePipelineBuilder<AccessToken> { TimeProvider = clock }.AddRetry(Retry()).AddTimeout(timeout).Build();
        _single = new ResiliencePipelineBuilder<AccessToken> { TimeProvider = clock }.AddTimeout(timeout).Build();
    }

    /// <param name="mayRetry">False where the last login failed too: then one attempt tells as much as several.</param>
    public async Task<AccessToken> RequestTokenAsync(bool mayRetry, CancellationToken cancellationToken)
    {
        try
        {
            return await (mayRetry ? _retried : _single).ExecuteAsync(async token => await AttemptAsync(token), cancellationToken);
        }
        catch (GenesysException failed)
        {
            // Retried enough: the calls that wait for the token must not start over.
            throw new GenesysException(failed.Failure, inner: failed.InnerException);
        }
        catch (Exception slow) when (slow is TimeoutRejectedException or OperationCanceledException)
        {
            throw TokenEndpointFailures.NotReached(slow);
        }
    }

    private RetryStrategyOptions<AccessToken> Retry() => new()
    {
        MaxRetryAttempts = 3,
        ShouldHandle = failed => ValueTask.FromResult(failed.Outcome.Exception switch
        {
            GenesysException { Retry: RetryPolicy.Backoff } known => !(known.Failure.RetryAfter > _options.MaxRetryAfter),
            GenesysException { Retry: RetryPolicy.Once } => failed.AttemptNumber == 0,
            TimeoutRejectedException => true,
            _ => false,
        }),
        DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(failed.Outcome.Exception is GenesysException known
            ? GenesysBackoff.Delay(known.Failure, failed.AttemptNumber, Random.Shared.NextDouble())
            : TimeSpan.Zero),
    };

    private async Task<AccessToken> AttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request();
            return await AskAsync(request, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw TokenEndpointFailures.NotReached(broken);
        }
    }

    private async Task<AccessToken> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var observed = new AttemptInstrumentation(_metrics, _clock, "token", request, attempt: 1, _options.AttemptTimeout);
        try
        {
            using var client = _clients.CreateClient(ClientName);
            var sentAt = _clock.GetUtcNow();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            _genesysClock.Observe(response.Headers.Date, sentAt, _clock.GetUtcNow());
            observed.Answered(response);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, request.Headers.Authorization, cancellationToken)
                : throw TokenEndpointFailures.Answered(
                    response, await GenesysErrorBody.ReadAsync(response, request.Headers.Authorization, cancellationToken), _options, _clock);
        }
        catch (Exception failed)
        {
            observed.Failed(failed);
            throw;
        }
    }

    private HttpRequestMessage Request()
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

    private async Task<AccessToken> ReadAsync(HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        try
        {
            // From before the answer was read: a token never lives longer than we think.
            var now = _clock.GetUtcNow();
            await using var body = new BoundedReplyStream(await response.Content.ReadAsStreamAsync(cancellationToken), ReplyLimit.Token, GenesysFailures.TooLong);
            if (await GenesysErrorBody.OfPageAsync(body, response, sent, cancellationToken) is { } page)
            {
                throw TokenEndpointFailures.Answered(response, page, _options, _clock);
            }

            var answer = await JsonSerializer.DeserializeAsync(body, GenesysLoginJson.Default.TokenReply, cancellationToken);
            return answer is { Error.Length: > 0 } ? throw TokenEndpointFailures.Unreadable("it is the body of an error, although its status is a success")
                : answer is { AccessToken.Length: > 0 } && IsBearer(answer.TokenType) && IsPrintable(answer.AccessToken)
                ? AccessToken.LivingFor(LifeOf(answer), answer.AccessToken, now)
                : throw TokenEndpointFailures.Unreadable("it has no bearer token");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            throw TokenEndpointFailures.Unreadable("it is not JSON");
        }
    }

    private static TimeSpan LifeOf(TokenReply answer) => answer.ExpiresIn switch
    {
        > 0 and { } seconds => TimeSpan.FromSeconds(Math.Clamp(seconds, LeastBelieved.TotalSeconds, LongestLife.TotalSeconds)),
        _ => ShortestLife,
    };

    private static bool IsBearer(string? type) => type is null || type.Equals("bearer", StringComparison.OrdinalIgnoreCase);

    // A line break in a token would break the header it goes into.
    private static bool IsPrintable(string token) => token.Length <= LongestToken && token.All(character => character is > ' ' and < (char)127);
}

/// <summary>The token endpoint's answer. The JSON error of an exception could quote it, so it is never passed on.</summary>
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

/// <summary>The failures of the token endpoint, whose answers have another shape than the API's.</summary>
internal static class TokenEndpointFailures
{
    public static GenesysException NoCredentials() =>
        new(new(GenesysFailureKind.Unauthorized, "Genesys:ClientId and Genesys:ClientSecret are not set."));

    /// <summary>An answer of the token endpoint that is not a success. A throttled one answers 400, and names it in the description alone.</summary>
    public static GenesysException Answered(HttpResponseMessage response, GenesysErrorBody body, GenesysOptions options, TimeProvider clock)
    {
        var status = (int)response.StatusCode;
        var wait = RetryAfterParser.Of(response, body, clock);
        if (body.IsPage)
        {
            return GenesysFailures.Page(status, body, "Genesys:LoginBaseUrl", wait);
        }

        var throttled = status == 429
            || (status == 400 && body.Message?.StartsWith("rate limit exceeded", StringComparison.OrdinalIgnoreCase) == true);
        var (kind, retry, message) = status switch
        {
            _ when throttled => (GenesysFailureKind.RateLimited, RetryPolicy.Backoff, "Genesys limits our logins."),
            408 or >= 500 => (GenesysFailureKind.Unavailable, RetryPolicy.Backoff, $"The login of Genesys is not available ({status})."),
            400 or 401 or 403 => (GenesysFailureKind.Unauthorized, RetryPolicy.Never, CredentialsRefused(status, options)),
            >= 300 and < 400 => (GenesysFailureKind.Rejected, RetryPolicy.Never,
                $"The login of Genesys answered with a redirect{GenesysFailures.TargetOf(response)} ({status}), which is not followed: the secret would go along. "
                + "Check Genesys:Region, Genesys:LoginBaseUrl and the proxy (HTTPS_PROXY)."),
            407 => (GenesysFailureKind.Rejected, RetryPolicy.Never,
                "A proxy on the way to the login of Genesys asks for credentials (407): give them with its address in HTTPS_PROXY."),
            _ => (GenesysFailureKind.Rejected, RetryPolicy.Never, $"The login of Genesys did not accept the request ({status}). See Genesys:Region and Genesys:LoginBaseUrl."),
        };
        return new(new(kind, message, status, body.Code, body.Message, body.CorrelationId, wait)) { Retry = retry };
    }

    public static GenesysException Unreadable(string reason) =>
        new(new(GenesysFailureKind.Unreadable, $"The answer of Genesys' login could not be read: {reason}. See Genesys:Region and Genesys:LoginBaseUrl."))
        {
            Retry = RetryPolicy.Backoff,
        };

    public static GenesysException NotReached(Exception cause) => GenesysFailures.HasTooLongHeaders(cause)
        ? Unreadable($"its headers have more than {GenesysRegistration.HeaderKiB} KiB")
        : new(new(GenesysFailureKind.Unavailable, $"The login of Genesys could not be reached{GenesysFailures.CategoryOf(cause)}."), inner: cause) { Retry = RetryPolicy.Backoff };

    private static string CredentialsRefused(int status, GenesysOptions options)
    {
        var where = options.LoginBaseUrl is { } url ? $"at {url.Host}" : $"in region {options.Region}";
        return $"Genesys refuses our OAuth client {where} ({status}): check Genesys:ClientId and Genesys:ClientSecret, and that the client belongs to this region.";
    }
}
