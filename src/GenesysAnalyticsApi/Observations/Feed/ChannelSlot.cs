using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Notifications;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>One channel of the feed: its topics, the connection that delivers their messages, and the time of the next attempt to open a connection.</summary>
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

    /// <summary>Whether the connection works but must be replaced.</summary>
    public bool IsClosing { get; set; }

    /// <summary>
    /// When the newest handled message arrived, or when the connection was opened if no message has arrived yet. All earlier messages have been handled.
    /// </summary>
    public Instant HandledUntil { get; set; }

    /// <summary>Whether a connection must be opened now.</summary>
    public bool IsDue(Instant now) => !IsOpening && (Connection is null || IsClosing) && now >= _retryAt;

    /// <summary>Sets the topics. If they have changed, the connection must be replaced; it stays in use until the new connection is open.</summary>
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

    /// <summary>
    /// Records that the connection has ended. If it ends soon after it was opened, this counts as a failed attempt, so that the service does not create
    /// channels in quick succession.
    /// </summary>
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
