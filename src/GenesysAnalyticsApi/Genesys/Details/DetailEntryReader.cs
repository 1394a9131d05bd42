using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// Reads a conversation. If the id or the start of the conversation is unusable, the whole conversation is dropped; otherwise only unreadable parts are
/// dropped. A message reports each dropped part, except personal data. Values that this service does not know, such as a new media type, are kept. A
/// conversation with an unreadable end looks as if it were in progress, so the reader of bulk data requests the conversation again instead of losing it.
/// </summary>
/// <param name="withPersonalData">Whether to read personal data.</param>
internal sealed class DetailEntryReader(bool withPersonalData)
{
    // Genesys sends far fewer divisions and participants. The limits exist because even a small entry takes far more memory than its JSON text.
    private const int MaxDivisions = 200;
    private const int MaxParticipants = 500;

    private const int MaxIdLength = 100;
    private const int MaxNameLength = 50;

    /// <summary>The maximum number of shared names. A shared name is stored only once, because the same few names occur again and again.</summary>
    private const int MaxNames = 1_000;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public DetailIssues Issues { get; } = new();

    /// <param name="number">The number of the entry on the page, which identifies an entry without a usable id in messages.</param>
    /// <returns>Null if the entry is dropped.</returns>
    public ConversationDetail? Read(JsonElement entry, int number)
    {
        Issues.Enter(string.Create(CultureInfo.InvariantCulture, $"entry {number} of the page"));
        if (entry.ValueKind != JsonValueKind.Object)
        {
            Issues.Dropped("it is not an object");
            return null;
        }

        if (ReplyText.WordOf(entry, "conversationId", MaxIdLength, out _) is not { } id)
        {
            Issues.Dropped("it has no usable 'conversationId'");
            return null;
        }

        if (GenesysId.Is(id))
        {
            Issues.Enter($"conversation {GenesysId.Canonical(id)}");
        }

        if (ReplyText.InstantOf(entry, "conversationStart") is not { } start)
        {
            Issues.Dropped("it has no usable 'conversationStart'");
            return null;
        }

        return new ConversationDetail
        {
            Id = id,
            Start = start,
            End = EndOf(entry, start),
            OriginatingDirection = NameOf(entry, "originatingDirection"),
            DivisionIds = DivisionsOf(entry),
            Participants = ParticipantsOf(entry),
        };
    }

    /// <summary>Returns an id, or null. Reports an id that is present but unusable.</summary>
    public string? IdOf(JsonElement owner, string name)
    {
        var id = ReplyText.WordOf(owner, name, MaxIdLength, out var isInvalid);
        if (isInvalid)
        {
            Issues.DroppedMember(name, "it is not an id");
        }

        return id;
    }

    /// <summary>Returns the name of a value, such as a media type, or null. Reports a name that is present but unusable.</summary>
    public string? NameOf(JsonElement owner, string name)
    {
        var word = ReplyText.WordOf(owner, name, MaxNameLength, out var isInvalid);
        if (isInvalid)
        {
            Issues.DroppedMember(name, "it is not a word of at most 50 characters");
        }

        return word is null ? null : Shared(word);
    }

    /// <summary>Returns the shared copy of a name or an id that can occur often.</summary>
    public string Shared(string word)
    {
        if (_names.TryGetValue(word, out var known))
        {
            return known;
        }

        if (_names.Count < MaxNames)
        {
            _names.Add(word, word);
        }

        return word;
    }

    /// <summary>Returns the items of a list, up to a limit. Reports a member that is not a list, and items beyond the limit.</summary>
    public IEnumerable<JsonElement> ItemsOf(JsonElement owner, string name, int maxItems)
    {
        if (owner.Member(name) is not { ValueKind: not JsonValueKind.Null } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Issues.DroppedMember(name, "it is not a list");
            return [];
        }

        if (list.GetArrayLength() > maxItems)
        {
            Issues.Add(string.Create(CultureInfo.InvariantCulture, $"the '{name}' of {Issues.Where} was truncated: only the first {maxItems} items were kept"));
        }

        return list.EnumerateArray().Take(maxItems);
    }

    private Instant? EndOf(JsonElement entry, Instant start)
    {
        if (entry.Member("conversationEnd") is not { ValueKind: not JsonValueKind.Null })
        {
            return null;
        }

        var end = ReplyText.InstantOf(entry, "conversationEnd");
        if (end is null || end < start)
        {
            Issues.DroppedMember("conversationEnd", "it is not a time, or is before the start");
            return null;
        }

        return end;
    }

    private ImmutableArray<string> DivisionsOf(JsonElement entry)
    {
        var divisions = ImmutableArray.CreateBuilder<string>();
        foreach (var item in ItemsOf(entry, "divisionIds", MaxDivisions))
        {
            if (ReplyText.WordOf(item, MaxIdLength) is { } id)
            {
                divisions.Add(Shared(id));
            }
            else
            {
                Issues.Add($"an item of the 'divisionIds' of {Issues.Where} was dropped: it is not an id");
            }
        }

        return divisions.DrainToImmutable();
    }

    private ImmutableArray<DetailParticipant> ParticipantsOf(JsonElement entry)
    {
        var participants = ImmutableArray.CreateBuilder<DetailParticipant>();
        foreach (var (index, item) in ItemsOf(entry, "participants", MaxParticipants).Index())
        {
            Issues.Participant = index + 1;
            if (item.ValueKind == JsonValueKind.Object)
            {
                participants.Add(new DetailParticipant
                {
                    Purpose = NameOf(item, "purpose"),
                    ParticipantId = IdOf(item, "participantId"),
                    UserId = IdOf(item, "userId") is { } user ? Shared(user) : null,
                    Sessions = DetailSessionReader.SessionsOf(item, this, withPersonalData),
                    PersonalData = withPersonalData ? DetailPersonalData.OfParticipant(item) : DetailPersonalData.None,
                });
            }
            else
            {
                Issues.Dropped("it is not an object");
            }
        }

        Issues.Participant = 0;
        return participants.DrainToImmutable();
    }
}
