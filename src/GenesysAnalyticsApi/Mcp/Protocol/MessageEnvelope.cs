using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace GenesysAnalyticsApi.Mcp.Protocol;

/// <summary>
/// Checks that the body of a POST is one JSON-RPC message. The SDK answers any other body with <c>-32600</c> (invalid request), even if it is not JSON, and its
/// messages name internal types.
/// </summary>
internal static class MessageEnvelope
{
    public const string HalfEscape = "contains an escape that is only half of a character, such as \\ud83d. Write the character itself, or both of its escapes.";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the body, which must be buffered, and rewinds it.</summary>
    /// <returns>Null if the envelope is valid. The params are not checked.</returns>
    public static async Task<JsonRpcError?> ErrorOfAsync(HttpRequest request)
    {
        var text = "";
        try
        {
            using var reader = new StreamReader(request.Body, StrictUtf8, leaveOpen: true);
            text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
            using var body = JsonDocument.Parse(text, Options);
            return FaultOf(body.RootElement) is { } fault ? Error(McpErrorCode.InvalidRequest, fault, IdOf(body.RootElement)) : null;
        }
        catch (JsonException invalid)
        {
            return Error(McpErrorCode.ParseError, SyntaxFaultOf(text, invalid));
        }
        catch (DecoderFallbackException)
        {
            return Error(McpErrorCode.ParseError, "The body is not valid UTF-8. Encode it in UTF-8.");
        }
        catch (InvalidOperationException)
        {
            // Thrown for an escape that is half of a surrogate pair, which is valid JSON but not valid text.
            return Error(McpErrorCode.InvalidRequest, $"The body {HalfEscape}");
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    /// <summary>The error as the body of a response.</summary>
    /// <param name="id">The id of the message; ignored if it is not valid.</param>
    public static JsonRpcError Error(McpErrorCode code, string text, JsonElement id = default) => new()
    {
        Id = IsId(id) ? id.Deserialize<RequestId>(McpJsonUtilities.DefaultOptions) : default,
        Error = new() { Code = (int)code, Message = text },
    };

    private static JsonElement IdOf(JsonElement message) => message.ValueKind == JsonValueKind.Object && message.TryGetProperty("id", out var id) ? id : default;

    private static string SyntaxFaultOf(string text, JsonException invalid)
    {
        try
        {
            JsonDocument.Parse(text, Options with { MaxDepth = text.Length + 1 }).Dispose();
            return $"The body is nested in more than {Options.MaxDepth} levels. Send a message with fewer levels.";
        }
        catch (JsonException)
        {
            return invalid.LineNumber is { } line
                ? $"The body is not valid JSON: see line {line + 1}, byte {invalid.BytePositionInLine + 1}."
                : "The body is not valid JSON: an object has two members with the same name.";
        }
    }

    private static string? FaultOf(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return message.ValueKind == JsonValueKind.Array
                ? "The body is a list. Send each message in a request of its own."
                : $"The body is {JsonKind.Of(message)}. Send one JSON-RPC message, which is an object.";
        }

        // A response of the client has no method. It is rejected too, because this service sends no requests to its clients.
        List<string?> faults =
        [
            FaultOf(message, "jsonrpc", isRequired: true, value => value.ValueKind == JsonValueKind.String && value.GetString() == "2.0", "the string 2.0"),
            FaultOf(message, "id", isRequired: false, IsId, "a string or a whole number, or omit it in a notification"),
            FaultOf(message, "method", isRequired: true, IsText, "a string"),
        ];
        return faults.Exists(fault => fault is not null) ? string.Join(' ', faults.OfType<string>()) : null;
    }

    private static string? FaultOf(JsonElement message, string name, bool isRequired, Predicate<JsonElement> isValid, string expected) =>
        !message.TryGetProperty(name, out var value) ? isRequired ? $"{name}: is missing. Give {expected}." : null
        : isValid(value) ? null
        : $"{name}: is {JsonKind.Of(value)}. Give {expected}.";

    // GetString throws an InvalidOperationException if the text contains half of a surrogate pair; ErrorOfAsync reports it.
    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is not null;

    private static bool IsId(JsonElement id) => IsText(id) || (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _));
}
