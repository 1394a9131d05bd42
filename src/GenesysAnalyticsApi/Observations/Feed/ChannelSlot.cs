using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Notifications;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>The place of one channel: its topics, the connection that delivers their messages, and the attempts to open a connection.</summary>
internal sealed class ChannelSlot(ImmutableArray<string> topics)
{
    private static readonly Duration FirstPause = Duration.FromSeconds(1);
    private static readonly Duration MaxPause = Duration.FromSeconds(60);

    private int _failures;
    private Instant _retryAt = Instant.MinValue;
    private Instant _openedAt = Instant.MinValue;

    public ImmutableArray<string> Topics { get; private set; } = topics;

    /// <summary>Null while no connection is open.</summary>
    public ChannelConnection? Connection { get; private set; }

    /// <summary>Whether a connection is being opened: the first one or a replacement.</summary>
    public bool IsOpening { get; set; }

    /// <summary>Whether the connection works but is to be replaced.</summary>
    public bool IsClosing { get; set; }

    /// <summary>When the newest message that has been handled arrived. No earlier message of this channel is missing.</summary>
    public Instant HandledUntil { get; set; }

    /// <summary>Whether a connection is to be opened now.</summary>
    public bool IsDue(Instant now) => !IsOpening && (Connection is null || IsClosing) && now >= _retryAt;

    /// <summary>If the topics differ, another connection is needed; the current one stays in use until it is open.</summary>
    public void Assign(ImmutableArray<string> wanted)
    {
        IsClosing |= !Topics.SequenceEqual(wanted, StringComparer.Ordinal);
        Topics = wanted;
    }

    /// <returns>The connection that was replaced; null if there was none.</returns>
    public ChannelConnection? ReplaceConnection(ChannelConnection opened, Instant now)
    {
        var replaced = Connection;
        (Connection, IsOpening, HandledUntil, _openedAt) = (opened, false, now, now);
        // The topics may have changed while the connection was being opened.
        IsClosing = !Topics.SequenceEqual(opened.Topics, StringComparer.Ordinal);
        return replaced;
    }

    public void Fail(Instant now)
    {
        IsOpening = false;
        _retryAt = now + Duration.Min(FirstPause * Math.Pow(2, Math.Min(_failures++, 6)), MaxPause);
    }

    /// <summary>A connection that ends soon after it was opened counts as a failure, so that the service does not create channels endlessly.</summary>
    public void MarkLost(Instant now)
    {
        (Connection, IsClosing) = (null, false);
        if (now - _openedAt > MaxPause)
        {
            _failures = 0;
        }
        else
        {
            _retryAt = now + Duration.Min(FirstPause * Math.Pow(2, Math.Min(_failures++, 6)), MaxPause);
        }
    }
}
