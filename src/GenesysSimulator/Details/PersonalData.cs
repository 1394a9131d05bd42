using System.Globalization;
using GenesysSimulator.World;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>
/// Invented personal data of a conversation, derived from the conversation's number. The data is easy to recognize, so tests can search for it in places
/// where it must not appear.
/// </summary>
internal readonly struct PersonalData(ConversationRecord record)
{
    private readonly ulong _chance = SeededRandom.Mix(record.Number, 0x706572736F6E);

    public string CustomerName => Text($"Erika Beispiel-{_chance % 1000:000}");

    public string CustomerPhone => Text($"tel:+4930555{_chance % 10_000:0000}");

    public string CustomerEmail => Text($"kunde.{_chance % 1000:000}@example.org");

    public string CustomerHandle => Text($"kunde-{_chance % 1000:000}");

    public string Subject => Text($"Betreff-{_chance % 1000:000} Frage zu meinem Vertrag");

    public string CustomerNumber => Text($"KD-{_chance % 1_000_000:000000}");

    public string Request => Text($"Anliegen-{_chance % 1000:000}");

    public string Note(RecordParticipant agent) => Text($"Notiz-{SeededRandom.Mix(agent.Number, 1) % 1000:000}: {CustomerName} bittet um Rückruf");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
