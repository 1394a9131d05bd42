using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// The parsed error in a reply. Intermediate gateways reply with HTML or an empty body, so every part can be missing. The raw text never leaves this class.
/// </summary>
internal sealed record GenesysErrorBody
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxMessageLength = 500;

    /// <summary>The maximum length of correlation ids (GUIDs), error codes (a few words) and page titles.</summary>
    private const int MaxNameLength = 100;

    public string? Message { get; private init; }

    /// <summary>The message with its parameters filled in, if Genesys sends both.</summary>
    public string? MessageWithParams { get; private init; }

    public string? Code { get; private init; }

    /// <summary>The id that Genesys support needs, from the header or else from the body.</summary>
    public string? CorrelationId { get; private init; }

    /// <summary>Whether the body is an HTML page instead of a Genesys error.</summary>
    public bool IsHtmlPage { get; private init; }

    /// <summary>The title of the HTML page, if any.</summary>
    public string? PageTitle { get; private init; }

    /// <param name="credentials">The credentials of the request, to mask them if the reply quotes them.</param>
    /// <param name="clientSecret">The configured secret. It is masked too, because a proxy could quote what another request has sent.</param>
    public static async Task<GenesysErrorBody> ReadAsync(
        HttpResponseMessage response, AuthenticationHeaderValue? credentials, string? clientSecret, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using var body = new BoundedReplyStream(stream, new ReplyLimit(MaxBodyBytes, "The Genesys reply"), _ => new InvalidDataException());
            return Of(await body.PeekAsync(MaxBodyBytes, cancellationToken), response, SecretsOf(credentials, clientSecret));
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            // The body cannot be read. The status and the headers are still available.
            return Of(ReadOnlyMemory<byte>.Empty, response, SecretsOf(credentials, clientSecret));
        }
    }

    /// <summary>Reads an HTML page with a success status (<see cref="HtmlDetector"/>).</summary>
    public static async Task<GenesysErrorBody> ReadPageAsync(
        BoundedReplyStream body,
        HttpResponseMessage response,
        AuthenticationHeaderValue? credentials,
        string? clientSecret,
        CancellationToken cancellationToken) =>
        Of(await body.PeekAsync(MaxBodyBytes, cancellationToken), response, SecretsOf(credentials, clientSecret));

    /// <summary>Creates a body from the error message in a reply with a success status.</summary>
    public static GenesysErrorBody OfMessage(string? message, string? clientSecret) =>
        new() { Message = message is null ? null : OneLine(SecretRedactor.Redact(Mask(message, clientSecret ?? "")), MaxMessageLength) };

    /// <summary>The sanitized correlation id from the header, if any.</summary>
    public static string? CorrelationIdOf(HttpResponseMessage response) =>
        HeaderOf(response) is { } id ? OneLine(SecretRedactor.Redact(id), MaxNameLength) : null;

    private static GenesysErrorBody Of(ReadOnlyMemory<byte> start, HttpResponseMessage response, IReadOnlyList<string> secrets)
    {
        var isPage = HtmlDetector.IsHtml(response.Content, start.Span);
        var body = isPage ? [] : TextsOf(start.Span);
        var id = Sanitize(HeaderOf(response), MaxNameLength);
        return new()
        {
            // The token endpoint uses the second and third names.
            Message = Sanitize(Text("message") ?? Text("error_description") ?? Text("description"), MaxMessageLength),
            MessageWithParams = Sanitize(Text("messageWithParams"), MaxMessageLength),
            Code = Sanitize(Text("code") ?? Text("error"), MaxNameLength),
            CorrelationId = id is { Length: > 0 } ? id : Sanitize(Text("contextId"), MaxNameLength),
            IsHtmlPage = isPage,
            PageTitle = isPage ? Sanitize(HtmlDetector.TitleOf(response.Content, start.Span), MaxNameLength) : null,
        };

        string? Text(string name) => body.GetValueOrDefault(name);

        // Makes text safe for logs and problem details: one line, no control characters, truncated, secrets masked.
        string? Sanitize(string? text, int maxLength) => text is null ? null : OneLine(SecretRedactor.Redact(secrets.Aggregate(text, Mask)), maxLength);
    }

    /// <summary>
    /// Reads the string members of the root object. Members of other types are skipped. If the body is truncated, the members before its end are kept.
    /// </summary>
    private static Dictionary<string, string> TextsOf(ReadOnlySpan<byte> start)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(start.StartsWith("\uFEFF"u8) ? start[3..] : start, isFinalBlock: false, default);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return texts;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                if (!json.Read())
                {
                    break;
                }

                if (json.TokenType == JsonTokenType.String)
                {
                    texts[name] = json.GetString()!;
                }
                else if (!json.TrySkip())
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Invalid JSON or invalid Unicode: the members read so far are kept.
        }

        return texts;
    }

    private static string? HeaderOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("ININ-Correlation-Id", out var values) ? values.FirstOrDefault() : null;

    /// <summary>The client secret, and the token or the Basic credentials of the request.</summary>
    private static IReadOnlyList<string> SecretsOf(AuthenticationHeaderValue? credentials, string? clientSecret) => credentials switch
    {
        { Scheme: "Basic", Parameter: { Length: > 0 } basic } =>
            [basic, Encoding.Latin1.GetString(Convert.FromBase64String(basic)).Split(':', 2)[^1], clientSecret ?? ""],
        { Parameter: { Length: > 0 } token } => [token, clientSecret ?? ""],
        _ => [clientSecret ?? ""],
    };

    private static string Mask(string text, string secret) => secret.Length == 0 ? text : text.Replace(secret, "…", StringComparison.Ordinal);

    private static string OneLine(string text, int maxLength)
    {
        var prefix = text.Length <= maxLength ? text : text[..maxLength];
        return string.Concat(prefix.Select((letter, index) => IsUnsafe(prefix, index) ? ' ' : letter)).Trim();
    }

    /// <summary>Whether a character could corrupt the output: a control character, a line break, a direction mark or an unpaired surrogate.</summary>
    private static bool IsUnsafe(string text, int index) => char.GetUnicodeCategory(text[index]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Surrogate => !char.IsSurrogatePair(text, index) && !(index > 0 && char.IsSurrogatePair(text, index - 1)),
        _ => false,
    };
}
