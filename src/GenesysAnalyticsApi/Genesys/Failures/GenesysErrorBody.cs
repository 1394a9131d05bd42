using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// What an answer that is not a success says about itself. Gateways in between answer with HTML or nothing at all,
/// so every part may be missing and none of the raw text gets further than this file.
/// </summary>
internal sealed record GenesysErrorBody
{
    private const int LongestBody = 64 * 1024;
    private const int LongestMessage = 500;

    /// <summary>A correlation id is a GUID, a code a few words; a title is there to be recognised.</summary>
    private const int LongestName = 100;

    public string? Message { get; private init; }

    /// <summary>The message with its parameters filled in, where Genesys sends both.</summary>
    public string? MessageWithParams { get; private init; }

    public string? Code { get; private init; }

    /// <summary>The id that Genesys' support asks for: from the header, else from the body.</summary>
    public string? CorrelationId { get; private init; }

    /// <summary>It is no error of Genesys but a page of HTML.</summary>
    public bool IsPage { get; private init; }

    /// <summary>The title of that page; null where it has none.</summary>
    public string? PageTitle { get; private init; }

    /// <param name="sent">The credentials of the request: an answer that quotes them must not pass them on.</param>
    public static async Task<GenesysErrorBody> ReadAsync(HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using var body = new BoundedReplyStream(stream, new ReplyLimit(LongestBody, "Genesys"), _ => new InvalidDataException());
            return Of(await body.PeekAsync(LongestBody, cancellationToken), response, sent);
        }
        catch (Exception unreadable) when (unreadable is IOException or HttpRequestException or InvalidDataException)
        {
            // The status alone has to do.
            return Of(ReadOnlyMemory<byte>.Empty, response, sent);
        }
    }

    /// <summary>What a page of HTML says that came as a success; null where the body may be an answer.</summary>
    public static async Task<GenesysErrorBody?> OfPageAsync(
        BoundedReplyStream body, HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken) =>
        HtmlDetector.Is(response.Content, (await body.PeekAsync(HtmlDetector.Beginning, cancellationToken)).Span)
            ? Of(await body.PeekAsync(LongestBody, cancellationToken), response, sent)
            : null;

    /// <summary>The header's, fit to be shown; null where there is none.</summary>
    public static string? CorrelationIdOf(HttpResponseMessage response) =>
        HeaderOf(response) is { } id ? OneLine(SecretRedactor.Redact(id), LongestName) : null;

    private static GenesysErrorBody Of(ReadOnlyMemory<byte> start, HttpResponseMessage response, AuthenticationHeaderValue? sent)
    {
        var secrets = SecretsOf(sent);
        var isPage = HtmlDetector.Is(response.Content, start.Span);
        var body = isPage ? [] : TextsOf(start.Span);
        var id = Shown(HeaderOf(response), LongestName);
        return new()
        {
            // The second and the third are the token endpoint's words.
            Message = Shown(Text("message") ?? Text("error_description") ?? Text("description"), LongestMessage),
            MessageWithParams = Shown(Text("messageWithParams"), LongestMessage),
            Code = Shown(Text("code") ?? Text("error"), LongestName),
            CorrelationId = id is { Length: > 0 } ? id : Shown(Text("contextId"), LongestName),
            IsPage = isPage,
            PageTitle = isPage ? Shown(HtmlDetector.TitleOf(response.Content, start.Span), LongestName) : null,
        };

        string? Text(string name) => body.GetValueOrDefault(name);

        // Fit for a log line and a problem's text: one line, no control characters, cut, no secret.
        string? Shown(string? text, int most) => text is null ? null : OneLine(SecretRedactor.Redact(secrets.Aggregate(text, Without)), most);
    }

    /// <summary>The texts of the outermost object, as far as it came: a member of another type, or one that is cut off, costs no other.</summary>
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
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or text that is not Unicode: what came before it stands.
        }

        return texts;
    }

    private static string? HeaderOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("ININ-Correlation-Id", out var values) ? values.FirstOrDefault() : null;

    /// <summary>The token; or the client's credentials as they were sent, and the secret in them.</summary>
    private static IReadOnlyList<string> SecretsOf(AuthenticationHeaderValue? sent) => sent switch
    {
        { Scheme: "Basic", Parameter: { Length: > 0 } basic } => [basic, Encoding.Latin1.GetString(Convert.FromBase64String(basic)).Split(':', 2)[^1]],
        { Parameter: { Length: > 0 } token } => [token],
        _ => [],
    };

    private static string Without(string text, string secret) => secret.Length == 0 ? text : text.Replace(secret, "…", StringComparison.Ordinal);

    private static string OneLine(string text, int most)
    {
        var start = text.Length <= most ? text : text[..most];
        return string.Create(start.Length, start, static (shown, from) =>
        {
            for (var i = 0; i < shown.Length; i++)
            {
                shown[i] = Acts(from, i) ? ' ' : from[i];
            }
        }).Trim();
    }

    /// <summary>Line breaks, direction marks and halves of characters would act on whatever shows them.</summary>
    private static bool Acts(string text, int at) => char.GetUnicodeCategory(text[at]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Surrogate => !IsWhole(text, at),
        _ => false,
    };

    private static bool IsWhole(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
        : at > 0 && char.IsHighSurrogate(text[at - 1]);
}
