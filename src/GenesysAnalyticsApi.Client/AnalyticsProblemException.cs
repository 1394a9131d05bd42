using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Client.Pipeline;

namespace GenesysAnalyticsApi.Client;

/// <summary>
/// The service responded with a problem (RFC 9457), or a proxy in front of the service responded with an error. A network failure is a plain
/// <see cref="HttpRequestException"/>.
/// </summary>
public sealed class AnalyticsProblemException : HttpRequestException
{
    /// <summary>The type of a problem that says no more than the HTTP status does (RFC 9457).</summary>
    private const string NoType = "about:blank";

    private AnalyticsProblemException(HttpStatusCode status, ProblemBody body, TimeSpan? retryAfter)
        : base(MessageOf(status, body), inner: null, status)
    {
        Type = body.Type ?? NoType;
        Title = body.Title ?? $"{status}";
        Detail = body.Detail;
        TraceId = body.TraceId;
        Errors = body.Errors ?? new Dictionary<string, IReadOnlyList<string>>();
        Extensions = body.Extensions ?? new Dictionary<string, JsonElement>();
        RetryAfter = retryAfter;
    }

    /// <summary>
    /// The stable path of the page that explains the problem, such as <c>/problems/unknown-queue</c>; <c>about:blank</c> if the response is not one of
    /// the service's problems.
    /// </summary>
    public string Type { get; }

    /// <summary>The title of the problem type; the same for every occurrence.</summary>
    public string Title { get; }

    /// <summary>The HTTP status.</summary>
    public int Status => (int)StatusCode!;

    /// <summary>What happened and how to fix it.</summary>
    public string? Detail { get; }

    /// <summary>The messages for each invalid parameter, by the parameter's name on the wire, such as <c>groupBy</c>. Empty for other problems.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; }

    /// <summary>The time to wait before a retry; null if the response contains no valid <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Identifies the request in the log of the service.</summary>
    public string? TraceId { get; }

    /// <summary>Other members of the problem, such as <c>candidates</c> and <c>upstream</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; }

    internal static async Task<AnalyticsProblemException> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = new ProblemBody();
        if (string.Equals(response.Content.Headers.ContentType?.MediaType, "application/problem+json", StringComparison.OrdinalIgnoreCase))
        {
            var text = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                body = JsonSerializer.Deserialize(text, ProblemJson.Default.ProblemBody) ?? body;
            }
            catch (JsonException)
            {
                // A proxy can send an invalid body. The exception then contains only what the status and the headers state.
            }
        }

        return new AnalyticsProblemException(response.StatusCode, body, RetryAfterHandler.WaitOf(response, clock));
    }

    private static string MessageOf(HttpStatusCode status, ProblemBody body)
    {
        var summary = string.Join(' ', new[] { body.Title ?? $"{status}.", body.Detail }.Where(text => text is not null));
        var errors = string.Concat((body.Errors ?? []).SelectMany(parameter => parameter.Value.Select(message => $"\n{parameter.Key}: {message}")));
        return string.Create(CultureInfo.InvariantCulture, $"{(int)status}: {summary}{(body.TraceId is null ? "" : $" (trace id {body.TraceId})")}{errors}");
    }
}

/// <summary>The body of a problem response. Every member can be absent, because proxies send problems too.</summary>
internal sealed record ProblemBody
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? TraceId { get; init; }

    /// <summary>Declared only to keep it out of the extensions. The exception takes the status from the status line.</summary>
    public int? Status { get; init; }

    public Dictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extensions { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
