using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Security;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// What an answer that is not a success says about itself. Gateways in between answer with HTML or nothing at all,
/// so every part may be missing and none of the raw text gets further than this file.
/// </summary>
internal sealed record GenesysErrorBody
{
    private const int LongestBody = 64 * 1024;
    private const int LongestMessage = 500;

    public string? Message { get; init; }

    public string? Code { get; init; }

    public string? ContextId { get; init; }

    /// <summary>The token endpoint's own words for <see cref="Code"/> and <see cref="Message"/>.</summary>
    public string? Error { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    public string? Description { get; init; }

    /// <summary>The id that Genesys' support asks for: from the header, else from the body.</summary>
    [JsonIgnore]
    public string? CorrelationId { get; private init; }

    /// <param name="sent">What the request proved itself with: an answer that quotes it shall not get any further either.</param>
    public static async Task<GenesysErrorBody> ReadAsync(HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        var secrets = SecretsOf(sent);
        var body = await ReadAsync(response.Content, cancellationToken);
        var id = Shown(HeaderOf(response));
        return body with
        {
            Message = Shown(body.Message ?? body.ErrorDescription ?? body.Description),
            Code = Shown(body.Code ?? body.Error),
            CorrelationId = id is { Length: > 0 } ? id : Shown(body.ContextId),
        };

        // Fit for a log line and a problem's text: one line, no control characters, at most 500 characters, no secret.
        string? Shown(string? text) => text is null ? null : OneLine(SecretsInText.Masked(secrets.Aggregate(text, Without)));
    }

    /// <summary>The header's, fit to be shown; null where there is none.</summary>
    public static string? CorrelationIdOf(HttpResponseMessage response) => HeaderOf(response) is { } id ? OneLine(SecretsInText.Masked(id)) : null;

    private static string? HeaderOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("ININ-Correlation-Id", out var values) ? values.FirstOrDefault() : null;

    private static async Task<GenesysErrorBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            var text = await ReadStartAsync(content, cancellationToken);
            return JsonSerializer.Deserialize(text.Span, GenesysErrorJson.Default.GenesysErrorBody) ?? new();
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or HttpRequestException or InvalidDataException)
        {
            // The status alone has to do.
            return new();
        }
    }

    /// <summary>The token; or the client's credentials as they were sent, and the secret in them.</summary>
    private static IReadOnlyList<string> SecretsOf(AuthenticationHeaderValue? sent) => sent switch
    {
        { Scheme: "Basic", Parameter: { Length: > 0 } basic } => [basic, Encoding.Latin1.GetString(Convert.FromBase64String(basic)).Split(':', 2)[^1]],
        { Parameter: { Length: > 0 } token } => [token],
        _ => [],
    };

    private static string Without(string text, string secret) => secret.Length == 0 ? text : text.Replace(secret, "…", StringComparison.Ordinal);

    private static string OneLine(string text)
    {
        var start = text.Length <= LongestMessage ? text : text[..LongestMessage];
        return string.Create(start.Length, start, static (shown, from) =>
        {
            for (var i = 0; i < shown.Length; i++)
            {
                shown[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        }).Trim();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var start = new byte[LongestBody];
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start.AsMemory(0, length);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GenesysErrorBody))]
internal sealed partial class GenesysErrorJson : JsonSerializerContext;
