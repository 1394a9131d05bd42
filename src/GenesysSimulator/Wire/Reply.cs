using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GenesysSimulator.Wire;

/// <summary>How the body of a reply ends. Faults can cut the body off.</summary>
internal enum Ending
{
    Complete,
    ShortOfItsLength,
    CutWhileChunked,
}

/// <summary>A reply. It is kept in memory, so faults can change it before it is sent.</summary>
internal sealed record Reply(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    private const string Json = "application/json";

    // The tests parse the replies, so the writer does not need to validate them.
    private static readonly JsonWriterOptions Fast = new() { SkipValidation = true };

    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public Ending Ending { get; init; }

    public static Reply Html(int status, string text) => new(status, "text/html", Encoding.UTF8.GetBytes(text));

    public static Reply OfJson(string text, int status = 200) => new(status, Json, Encoding.UTF8.GetBytes(text));

    public static Reply OfJson(Action<Utf8JsonWriter> write, int status = 200)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Fast))
        {
            write(writer);
        }

        return new(status, Json, buffer.WrittenMemory);
    }

    public static Reply Empty(int status) => new(status, Json, ReadOnlyMemory<byte>.Empty);

    /// <summary>Returns a reply with the error body of the API. The token endpoint uses a different error body.</summary>
    public static Reply OfError(ApiException error, string correlationId) => OfError(error.Status, error.Code, error.Message, correlationId);

    public static Reply OfError(int status, string code, string message, string correlationId, Action<Utf8JsonWriter>? writeDetails = null) =>
        OfJson(
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("message", message);
                writer.WriteString("code", code);
                writer.WriteNumber("status", status);
                writer.WriteString("contextId", correlationId);
                writer.WriteStartArray("details");
                writer.WriteEndArray();
                writer.WriteStartArray("errors");
                writer.WriteEndArray();
                writeDetails?.Invoke(writer);
                writer.WriteEndObject();
            },
            status);

    public static Reply TooManyRequests(int seconds, int limit, string correlationId) => OfError(
        429,
        "too.many.requests",
        string.Create(CultureInfo.InvariantCulture, $"Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds"),
        correlationId,
        writer =>
        {
            writer.WriteStartObject("messageParams");
            writer.WriteString("retryAfter", seconds.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
            writer.WriteStartObject("limit");
            writer.WriteString("namespace", "platform.api");
            writer.WriteString("key", "client.credentials.token.rate.per.minute");
            writer.WriteNumber("value", limit);
            writer.WriteEndObject();
        });

    public Reply With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}
