using System.Text.Json;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Queues;

/// <summary>Writes queues: with their settings for the queue list, and without settings for the division views.</summary>
internal static class QueueWriter
{
    // The queue settings use "call" where analytics uses "voice".
    private static readonly (string Key, MediaProfile Profile)[] MediaKeys =
    [
        ("call", MediaProfile.Voice), ("callback", MediaProfile.Callback), ("chat", MediaProfile.Chat), ("email", MediaProfile.Email),
        ("message", MediaProfile.Message),
    ];

    public static void WriteDigest(Utf8JsonWriter writer, SimulatedQueue queue)
    {
        writer.WriteStartObject();
        WriteIdentity(writer, queue);
        writer.WriteEndObject();
    }

    public static void WriteWhole(Utf8JsonWriter writer, SimulatedQueue queue, SimulatedWorld world)
    {
        writer.WriteStartObject();
        WriteIdentity(writer, queue);
        writer.WriteString("dateCreated", queue.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
        writer.WriteString("createdBy", world.Divisions[0].Id);
        writer.WriteNumber("memberCount", queue.Members);
        writer.WriteNumber("userMemberCount", queue.Members);
        writer.WriteNumber("joinedMemberCount", queue.Members - (queue.Members / 4));
        writer.WriteStartObject("mediaSettings");
        foreach (var (key, profile) in MediaKeys)
        {
            writer.WriteStartObject(key);
            writer.WriteNumber("alertingTimeoutSeconds", profile.AlertingSeconds);
            writer.WriteStartObject("serviceLevel");
            writer.WriteNumber("percentage", profile.TargetThousandths / 1000.0);
            writer.WriteNumber("durationMs", profile.ThresholdMs);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("acwSettings");
        writer.WriteString("wrapupPrompt", "MANDATORY_TIMEOUT");
        writer.WriteNumber("timeoutMs", 300_000);
        writer.WriteEndObject();
        writer.WriteString("skillEvaluationMethod", "BEST");
        writer.WriteBoolean("enableTranscription", false);
        writer.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter writer, SimulatedQueue queue)
    {
        writer.WriteString("id", queue.WireId);
        writer.WriteString("name", queue.Name);
        writer.WriteDivision(queue.Division);
        writer.WriteString("selfUri", $"{QueuesEndpoint.Path}/{queue.WireId}");
    }
}
