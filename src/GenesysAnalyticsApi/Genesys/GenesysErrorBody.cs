using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

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

    public static async Task<GenesysErrorBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            var text = await ReadStartAsync(content, cancellationToken);
            var body = JsonSerializer.Deserialize(text.Span, GenesysErrorJson.Default.GenesysErrorBody) ?? new();
            return body with
            {
                Message = Shown(body.Message ?? body.ErrorDescription ?? body.Description),
                Code = Shown(body.Code ?? body.Error),
                ContextId = Shown(body.ContextId),
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or HttpRequestException or InvalidDataException)
        {
            // The status alone has to do.
            return new();
        }
    }

    public string? CorrelationId(HttpResponseHeaders headers) =>
        headers.TryGetValues("ININ-Correlation-Id", out var values) && Shown(values.FirstOrDefault()) is { Length: > 0 } id ? id : ContextId;

    /// <summary>Fit for a log line and a problem's text: one line, no control characters, at most 500 characters.</summary>
    private static string? Shown(string? text)
    {
        if (text is null)
        {
            return null;
        }

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
