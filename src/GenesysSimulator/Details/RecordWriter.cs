using System.Buffers.Binary;
using System.Text.Json;
using GenesysSimulator.World;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>Writes detail records as Genesys does, without the members that have no value.</summary>
internal static class RecordWriter
{
    private static readonly JsonEncodedText ConversationStart = JsonEncodedText.Encode("conversationStart");
    private static readonly JsonEncodedText ConversationEnd = JsonEncodedText.Encode("conversationEnd");

    /// <param name="includeAttributes">Whether to write the attributes of participants. Only the results of a job contain attributes.</param>
    public static void Write(Utf8JsonWriter writer, ConversationRecord record, bool includeAttributes)
    {
        writer.WriteStartObject();
        writer.WriteString("conversationId", record.Id);
        SessionWriter.WriteInstant(writer, ConversationStart, record.Start);
        if (record.End != ConversationRecord.Open)
        {
            SessionWriter.WriteInstant(writer, ConversationEnd, record.End);
        }

        writer.WriteString("conversationInitiator", record.Participants[0].Purpose);
        writer.WriteString("originatingDirection", SessionValues.DirectionName(record.OriginatingDirection));
        writer.WriteStartArray("divisionIds");
        foreach (var divisionId in record.DivisionIds)
        {
            writer.WriteStringValue(divisionId);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("participants");
        foreach (var participant in record.Participants)
        {
            WriteParticipant(writer, record, participant, includeAttributes);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <param name="purpose">Distinguishes the ids that are derived from the same number.</param>
    public static Guid IdOf(ulong number, ulong purpose)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, SeededRandom.Mix(number, purpose));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], SeededRandom.Mix(purpose, number));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static void WriteParticipant(Utf8JsonWriter writer, ConversationRecord record, RecordParticipant participant, bool includeAttributes)
    {
        writer.WriteStartObject();
        writer.WriteString("participantId", IdOf(participant.Number, 2));
        if (new SessionValues(record, participant).ParticipantName is { } name)
        {
            writer.WriteString("participantName", name);
        }

        writer.WriteString("purpose", participant.Purpose);
        if (participant.UserId is { } userId)
        {
            writer.WriteString("userId", userId);
        }

        if (includeAttributes)
        {
            WriteAttributes(writer, record, participant);
        }

        writer.WriteStartArray("sessions");
        SessionWriter.Write(writer, record, participant);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter writer, ConversationRecord record, RecordParticipant participant)
    {
        writer.WriteStartObject("attributes");
        if (participant.Purpose == RecordParticipant.Customer)
        {
            var personal = new PersonalData(record);
            writer.WriteString("Kundennummer", personal.CustomerNumber);
            writer.WriteString("Anliegen", personal.Request);
        }

        writer.WriteEndObject();
    }
}
