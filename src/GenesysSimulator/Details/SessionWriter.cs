using System.Globalization;
using System.Text.Json;
using GenesysSimulator.World;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>Writes a session with its metrics and segments.</summary>
internal static class SessionWriter
{
    public const string Provider = "Edge";
    public const string Routing = "Standard";

    // A page of ten thousand records contains these names a million times, so they are encoded only once.
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText EmitDate = JsonEncodedText.Encode("emitDate");
    private static readonly JsonEncodedText SegmentStart = JsonEncodedText.Encode("segmentStart");
    private static readonly JsonEncodedText SegmentEnd = JsonEncodedText.Encode("segmentEnd");
    private static readonly JsonEncodedText SegmentType = JsonEncodedText.Encode("segmentType");
    private static readonly JsonEncodedText QueueId = JsonEncodedText.Encode("queueId");
    private static readonly JsonEncodedText[] MetricNames = [.. Metrics.WireNames.Select(name => JsonEncodedText.Encode(name))];

    public static void Write(Utf8JsonWriter writer, ConversationRecord record, RecordParticipant participant)
    {
        var values = new SessionValues(record, participant);
        writer.WriteStartObject();
        writer.WriteString("mediaType", values.MediaType);
        writer.WriteString("sessionId", RecordWriter.IdOf(participant.Number, 1));
        WriteText(writer, "ani", values.Ani);
        WriteText(writer, "dnis", values.Dnis);
        WriteText(writer, "sessionDnis", values.Dnis);
        WriteText(writer, "addressFrom", values.AddressFrom);
        WriteText(writer, "addressTo", values.AddressTo);
        writer.WriteString("direction", values.Direction);
        WriteText(writer, "messageType", values.MessageType);
        writer.WriteString("provider", Provider);
        writer.WriteString("remote", values.Remote);
        writer.WriteString("remoteNameDisplayable", values.Remote);
        WriteText(writer, "flowOutType", participant.FlowOutType);
        WriteKind(writer, values, participant);
        WriteMetrics(writer, participant);
        WriteSegments(writer, values, participant);
        writer.WriteEndObject();
    }

    public static void WriteInstant(Utf8JsonWriter writer, JsonEncodedText name, long at)
    {
        Span<char> text = stackalloc char[32];
        DateTimeOffset.FromUnixTimeMilliseconds(at).TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteString(name, text[..length]);
    }

    private static void WriteKind(Utf8JsonWriter writer, SessionValues values, RecordParticipant participant)
    {
        if (values.CallbackNumber is { } number)
        {
            writer.WriteStartArray("callbackNumbers");
            writer.WriteStringValue(number);
            writer.WriteEndArray();
            writer.WriteString("callbackUserName", values.CallbackUserName);
        }

        switch (participant.Purpose)
        {
            case RecordParticipant.Acd:
                writer.WriteString("usedRouting", Routing);
                writer.WriteStartArray("requestedRoutings");
                writer.WriteStringValue(Routing);
                writer.WriteEndArray();
                break;
            case RecordParticipant.Ivr:
                writer.WriteStartObject("flow");
                writer.WriteString("flowId", RecordWriter.IdOf(0x666C6F77, 1));
                writer.WriteString("flowName", participant.Name);
                writer.WriteString("flowType", "INBOUNDCALL");
                writer.WriteString("entryType", "dnis");
                writer.WriteEndObject();
                break;
            case RecordParticipant.Agent when values.MediaType == "voice":
                writer.WriteBoolean("recording", true);
                break;
        }
    }

    private static void WriteMetrics(Utf8JsonWriter writer, RecordParticipant participant)
    {
        if (participant.Metrics.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("metrics");
        foreach (var metric in participant.Metrics)
        {
            writer.WriteStartObject();
            writer.WriteString(Name, MetricNames[(int)metric.Metric]);
            writer.WriteNumber(Value, metric.Value);
            WriteInstant(writer, EmitDate, metric.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSegments(Utf8JsonWriter writer, SessionValues values, RecordParticipant participant)
    {
        writer.WriteStartArray("segments");
        foreach (var segment in participant.Segments)
        {
            writer.WriteStartObject();
            WriteInstant(writer, SegmentStart, segment.Start);
            if (!segment.IsOpen)
            {
                WriteInstant(writer, SegmentEnd, segment.End);
            }

            if (segment.QueueId is { } queueId)
            {
                writer.WriteString(QueueId, queueId);
            }

            writer.WriteString(SegmentType, segment.Type);
            WriteText(writer, "disconnectType", segment.DisconnectType);
            WriteText(writer, "subject", segment.HasSubject ? values.Subject : null);
            WriteText(writer, "wrapUpCode", segment.WrapUpCode);
            WriteText(writer, "wrapUpNote", segment.HasNote ? values.Note : null);
            writer.WriteBoolean("conference", false);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
