using System.Globalization;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// Collects the messages about dropped parts. The messages appear in logs and responses, so they state the place and the reason, but quote nothing from the
/// reply except the id of a conversation, and only if the id is a GUID.
/// </summary>
internal sealed class DetailIssues
{
    /// <summary>The maximum number of messages. More messages would not help the operators who read them.</summary>
    public const int MaxMessages = 1_000;

    private readonly List<string> _messages = [];
    private string _conversation = "";

    public IReadOnlyList<string> Messages => _messages;

    /// <summary>The number of the participant that is being read, from 1; 0 outside of participants.</summary>
    public int Participant { get; set; }

    /// <summary>The number of the session that is being read, from 1; 0 outside of sessions.</summary>
    public int Session { get; set; }

    /// <summary>The number of the segment that is being read, from 1; 0 outside of segments.</summary>
    public int Segment { get; set; }

    public string Where => string.Create(
        CultureInfo.InvariantCulture,
        $"{Part("segment", Segment)}{Part("session", Session)}{Part("participant", Participant)}{_conversation}");

    public void Enter(string conversation) => (_conversation, Participant, Session, Segment) = (conversation, 0, 0, 0);

    /// <summary>Reports that the part that is being read was dropped.</summary>
    public void Dropped(string reason) => Add(() => $"{Where} was dropped: {reason}");

    public void DroppedMember(string name, string reason) => Add(() => $"the '{name}' of {Where} was dropped: {reason}");

    public void DroppedMetric(int number, string reason) => Add(() => string.Create(CultureInfo.InvariantCulture, $"metric {number} of {Where} was dropped: {reason}"));

    public void Add(string message) => Add(() => message);

    private void Add(Func<string> createMessage)
    {
        if (_messages.Count < MaxMessages)
        {
            _messages.Add(createMessage());
        }
    }

    private static string Part(string what, int number) => number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{what} {number} of ");
}
