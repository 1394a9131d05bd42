using GenesysSimulator.World;
using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.Aggregates;

/// <summary>The values of an event's dimensions. Dimensions that the simulation does not have are valid in a query but have no value.</summary>
internal readonly record struct Dimensions(ConversationStream Stream, Direction OriginatingDirection, int MessageType, Session Session)
{
    public const string UserId = "userId";
    public const string WrapUpCode = "wrapUpCode";

    /// <summary>Returns the values that a dimension can have in a stream; null if the stream alone does not determine them.</summary>
    public static IEnumerable<string?>? ValuesIn(ConversationStream stream, string dimension) => dimension switch
    {
        UserId => stream.Team.Members.Select(agent => (string?)stream.Team.Agents[agent].Id).Append(null),
        WrapUpCode => stream.WrapUps.Used.Select(code => (string?)stream.WrapUps.Codes[code - 1].Id).Append(null),
        "originatingDirection" or "direction" or "purpose" or "interactionType" or "messageType" => null,
        _ => [new Dimensions(stream, default, default, default).Value(dimension)],
    };

    public string? Value(string dimension) => dimension switch
    {
        "queueId" => Stream.Queue?.WireId,
        "mediaType" => Stream.Profile.Media,
        "divisionId" => Stream.DivisionId,
        "originatingDirection" => Wire(OriginatingDirection),
        "direction" => Wire(Session.Direction),
        UserId => Session.Agent == Team.NoAgent ? null : Stream.Team.Agents[Session.Agent].Id,
        WrapUpCode => Session.WrapUpCode == WrapUpCodes.None ? null : Stream.WrapUps.Codes[Session.WrapUpCode - 1].Id,
        "purpose" => Session.Agent == Team.NoAgent ? "acd" : "agent",
        "interactionType" => Stream.Queue is null && OriginatingDirection == Direction.Outbound ? "enterprise" : "contactCenter",
        "messageType" => MessageTypes.Name(MessageType),
        "provider" => "Edge",
        _ => null,
    };

    private static string Wire(Direction direction) => direction == Direction.Inbound ? "inbound" : "outbound";
}
