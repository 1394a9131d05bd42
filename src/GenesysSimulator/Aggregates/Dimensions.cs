using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>The dimensions with values in the simulation. All other dimensions are valid in a query but have no value.</summary>
internal readonly record struct Dimensions(ConversationStream Stream, Direction Originating, Direction Direction, int Agent, int MessageType)
{
    /// <summary>Whether the value of a dimension differs between agents of the same queue.</summary>
    public static bool IsPersonal(string dimension) => dimension is "userId";

    public string? Value(string dimension) => dimension switch
    {
        "queueId" => Stream.Queue?.WireId,
        "mediaType" => Stream.Profile.Media,
        "divisionId" => Stream.DivisionId,
        "originatingDirection" => Wire(Originating),
        "direction" => Wire(Direction),
        "userId" => Agent < 0 ? null : Stream.Agents[Agent],
        "purpose" => Agent < 0 ? "acd" : "agent",
        "interactionType" => Stream.Queue is null && Originating == Direction.Outbound ? "enterprise" : "contactCenter",
        "messageType" => MessageTypes.Name(MessageType),
        "provider" => "Edge",
        _ => null,
    };

    private static string Wire(Direction direction) => direction == Direction.Inbound ? "inbound" : "outbound";
}
