using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>The texts of a session that depend on the session's media type and participant. Replies and filters use them.</summary>
internal readonly struct SessionValues(ConversationRecord record, RecordParticipant participant)
{
    private readonly PersonalData _personal = new(record);

    public string MediaType => record.Stream.Profile.Media;

    public string? MessageType => MessageTypes.Name(record.MessageType);

    public string Direction => DirectionName(participant.Direction);

    public string? ParticipantName => participant.Purpose == RecordParticipant.Customer ? _personal.CustomerName : participant.Name;

    public bool IsSpoken => MediaType is "voice" or "callback" or "video";

    private bool IsInbound => record.OriginatingDirection == World.Conversations.Direction.Inbound;

    /// <summary>The caller's number: the customer's number, or the organization's number if an agent calls. Null if the conversation is not spoken.</summary>
    public string? Ani => !IsSpoken ? null : IsInbound ? _personal.CustomerPhone : OrganizationNumber;

    /// <summary>The called number; null if the conversation is not spoken.</summary>
    public string? Dnis => !IsSpoken ? null : IsInbound ? OrganizationNumber : _personal.CustomerPhone;

    public string? AddressFrom => IsInbound ? CustomerAddress : OwnAddress;

    public string? AddressTo => IsInbound ? OwnAddress : CustomerAddress;

    public string Remote => participant.Purpose switch
    {
        RecordParticipant.Customer => record.Stream.Queue?.Name ?? "Main menu",
        _ when IsSpoken => _personal.CustomerPhone,
        _ => _personal.CustomerName,
    };

    public string Subject => _personal.Subject;

    public string Note => _personal.Note(participant);

    public string? CallbackNumber => MediaType == "callback" ? _personal.CustomerPhone : null;

    public string? CallbackUserName => MediaType == "callback" ? _personal.CustomerName : null;

    private string OrganizationNumber => $"tel:+4930555{SeededRandom.Mix(1, Identity.Hash(record.Stream.Queue?.WireId ?? "")) % 90 + 10}00";

    private string? CustomerAddress => MediaType switch
    {
        "email" => _personal.CustomerEmail,
        "message" or "chat" => _personal.CustomerHandle,
        _ => null,
    };

    private string? OwnAddress => MediaType switch
    {
        "email" => "service@example.org",
        "message" => "simulator-deployment",
        _ => null,
    };

    public static string DirectionName(Direction direction) => direction == World.Conversations.Direction.Inbound ? "inbound" : "outbound";
}
