using System.Text;
using System.Text.Json.Nodes;

namespace GenesysSimulator.Notifications;

/// <summary>Faults of messages that are sent to a socket.</summary>
internal static class MessageFaults
{
    /// <summary>Returns the messages to send instead of a message: none, or the message once or twice, which can be garbled.</summary>
    public static IEnumerable<byte[]> Apply(IReadOnlyList<SimulatorFault> faults, byte[] message)
    {
        if (faults.Count == 0)
        {
            return [message];
        }

        if (faults.Any(fault => fault.Name == FaultNames.LostMessage))
        {
            return [];
        }

        var outgoing = faults.FirstOrDefault(fault => fault.Name == FaultNames.GarbledMessage) is { } garbled ? Garble(message, garbled.Value) : message;
        return faults.Any(fault => fault.Name == FaultNames.RepeatedMessage) ? [outgoing, outgoing] : [outgoing];
    }

    private static byte[] Garble(byte[] message, string? kind)
    {
        var root = JsonNode.Parse(message)!.AsObject();
        switch (kind)
        {
            case "without-body":
                root.Remove("eventBody");
                break;
            case "without-topic":
                root.Remove("topicName");
                break;
            case "unknown-topic":
                root["topicName"] = "v2.hologram";
                break;
            case "wrong-types":
                root["eventBody"] = new JsonArray(7);
                break;
            default:
                return message[..(message.Length / 2)];
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
