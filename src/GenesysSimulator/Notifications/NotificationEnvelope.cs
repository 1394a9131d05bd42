using System.Buffers;
using System.Globalization;
using System.Text.Json;
using GenesysSimulator.World;

namespace GenesysSimulator.Notifications;

/// <summary>Writes messages with their envelope: topic, version, body and metadata.</summary>
internal static class NotificationEnvelope
{
    private const string Metadata = "channel.metadata";

    public static readonly byte[] Heartbeat = OfText(Metadata, "WebSocket Heartbeat");

    public static readonly byte[] Pong = OfText(Metadata, "pong");

    /// <summary>Writes a message of a system topic, such as <c>socket_closing</c>.</summary>
    public static byte[] OfSystem(string kind, string channelId) => Of(Topic.SystemPrefix + kind, 0, writer =>
    {
        writer.WriteString("channelId", channelId);
        writer.WriteString("systemTopicType", kind);
        writer.WriteString("reason", "simulated");
        writer.WriteString("message", kind == "socket_closing" ? "The socket closes soon. Please connect a new channel." : "A simulated message");
    });

    public static byte[] Of(string topic, long number, Action<Utf8JsonWriter> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("topicName", topic);
            writer.WriteString("version", "2");
            writer.WriteStartObject("eventBody");
            writeBody(writer);
            writer.WriteEndObject();
            writer.WriteStartObject("metadata");
            writer.WriteString("CorrelationId", string.Create(CultureInfo.InvariantCulture, $"{SeededRandom.Mix((ulong)number, Identity.Hash(topic)):x16}"));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] OfText(string topic, string message) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object> { ["topicName"] = topic, ["eventBody"] = new Dictionary<string, string> { ["message"] = message } });
}
