using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// One conversation as Genesys' details describe it: participants, their sessions, and the segments and metrics of these sessions. Text that Genesys omitted
/// is null. Unreadable parts have been dropped, and <see cref="DetailsPage.InvalidEntries"/> describes the dropped parts.
/// </summary>
internal sealed record ConversationDetail
{
    /// <summary>Genesys' <c>conversationId</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Genesys' <c>conversationStart</c>.</summary>
    public required Instant Start { get; init; }

    /// <summary>Genesys' <c>conversationEnd</c>; null while the conversation is in progress, or if the end was unreadable and dropped.</summary>
    public Instant? End { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>.</summary>
    public string? OriginatingDirection { get; init; }

    /// <summary>All divisions that the conversation touched.</summary>
    public ImmutableArray<string> DivisionIds { get; init; } = [];

    public ImmutableArray<DetailParticipant> Participants { get; init; } = [];
}

/// <summary>A participant: one party of a conversation.</summary>
internal sealed record DetailParticipant
{
    /// <summary>Genesys' <c>purpose</c>, such as <c>customer</c>, <c>ivr</c>, <c>acd</c> or <c>agent</c>.</summary>
    public string? Purpose { get; init; }

    public string? ParticipantId { get; init; }

    /// <summary>The id of the user, if the participant is an agent or another user.</summary>
    public string? UserId { get; init; }

    public ImmutableArray<DetailSession> Sessions { get; init; } = [];

    /// <summary>Names and attributes, keyed by Genesys' field names; empty unless the request asked for personal data.</summary>
    public ImmutableSortedDictionary<string, string> PersonalData { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>What one party does in a conversation on one medium.</summary>
internal sealed record DetailSession
{
    public string? SessionId { get; init; }

    /// <summary>Genesys' <c>mediaType</c>, even if this service does not know it.</summary>
    public string? MediaType { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>.</summary>
    public string? Direction { get; init; }

    public string? MessageType { get; init; }

    public ImmutableArray<DetailSegment> Segments { get; init; } = [];

    public ImmutableArray<DetailMetric> Metrics { get; init; } = [];

    /// <summary>Addresses, numbers and names, keyed by Genesys' field names; empty unless the request asked for personal data.</summary>
    public ImmutableSortedDictionary<string, string> PersonalData { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A phase of a session. The length of a segment is not the value of a metric: a wrap-up segment can be longer than <c>tAcw</c>.</summary>
internal sealed record DetailSegment
{
    /// <summary>Genesys' <c>segmentType</c>, such as <c>alert</c>, <c>interact</c>, <c>hold</c> or <c>wrapup</c>.</summary>
    public string? Type { get; init; }

    public required Instant Start { get; init; }

    /// <summary>Null while the segment is in progress.</summary>
    public Instant? End { get; init; }

    public string? QueueId { get; init; }

    /// <summary>How the segment ended, such as <c>client</c>, <c>peer</c> or <c>transfer</c>.</summary>
    public string? DisconnectType { get; init; }

    /// <summary>The id of a wrap-up code, or one of Genesys' own codes, such as <c>ININ-WRAP-UP-TIMEOUT</c>.</summary>
    public string? WrapUpCode { get; init; }

    /// <summary>Subject and note, keyed by Genesys' field names; empty unless the request asked for personal data.</summary>
    public ImmutableSortedDictionary<string, string> PersonalData { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A metric event of a session.</summary>
/// <param name="Name">Genesys' metric, such as <c>tHandle</c>.</param>
/// <param name="Value">Milliseconds for <c>t…</c> metrics, a count for <c>n…</c> metrics.</param>
/// <param name="EmittedAt">Genesys' <c>emitDate</c>. The aggregates count the event in the bucket that contains it.</param>
internal readonly record struct DetailMetric(string Name, long Value, Instant EmittedAt);
