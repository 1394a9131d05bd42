using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GenesysSimulator.Wire;

/// <summary>How the connection ends: a fault may promise more than it sends.</summary>
internal enum Ending
{
    Complete,
    ShortOfItsLength,
    CutWhileChunked,
}

/// <summary>An answer as a value, so that faults can change it before it is sent.</summary>
internal sealed record Answer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    private const string Json = "application/json";

    // Every answer is read back by a test, which validates it better than the writer would.
    private static readonly JsonWriterOptions Fast = new() { SkipValidation = true };

    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    public Ending Ending { get; init; }

    public static Answer Html(int status, string text) => new(status, "text/html", Encoding.UTF8.GetBytes(text));

    public static Answer OfJson(string text, int status = 200) => new(status, Json, Encoding.UTF8.GetBytes(text));

    public static Answer OfJson(Action<Utf8JsonWriter> write, int status = 200)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Fast))
        {
            write(writer);
        }

        return new(status, Json, buffer.WrittenMemory);
    }

    public static Answer Empty(int status) => new(status, Json, ReadOnlyMemory<byte>.Empty);

    /// <summary>The error body of the API; the token endpoint has another.</summary>
    public static Answer OfError(Refusal refusal, string correlationId) => OfError(refusal.Status, refusal.Code, refusal.Message, correlationId);

    public static Answer OfError(int status, string code, string message, string correlationId, Action<Utf8JsonWriter>? more = null) =>
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
                more?.Invoke(writer);
                writer.WriteEndObject();
            },
            status);

    public static Answer TooManyRequests(int seconds, int limit, string correlationId) => OfError(
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

    public Answer With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}
