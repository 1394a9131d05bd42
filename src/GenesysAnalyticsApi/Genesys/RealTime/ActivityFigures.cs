using System.Runtime.InteropServices;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>Collects the figures of all pages, each figure once. If a group moves to another page while the pages are read, the later value is kept.</summary>
internal sealed class ActivityFigures
{
    /// <summary>How far a start time can be in the future, because clocks differ. A later start time is invalid.</summary>
    private static readonly Duration MaxAhead = Duration.FromMinutes(1);

    private readonly Dictionary<ActivityFigureKey, RawActivityFigure> _figures = [];
    private readonly List<InvalidActivity> _invalid = [];

    /// <returns>Whether the page contains a figure that no earlier page contained, or an entry that could not be read.</returns>
    public bool Add(ActivityPage page)
    {
        var previousCount = _figures.Count;
        foreach (var (key, figure) in page.Figures)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_figures, key, out _) = figure;
        }

        _invalid.AddRange(page.Invalid);
        return _figures.Count > previousCount || page.Invalid.Count > 0;
    }

    /// <summary>A queue with users whose presence is not known; null if all presences are known.</summary>
    public string? QueueWithUnknownPresence(PresenceMap presences) => _figures
        .Where(figure => figure.Key.Metric == ActivityMetrics.UserPresences && figure.Value.Count > 0 && presences.Find(figure.Key.Qualifier, figure.Key.SecondaryQualifier) is null)
        .Select(figure => figure.Key.QueueId)
        .FirstOrDefault();

    /// <param name="ahead">How far this machine's clock is ahead of the clock of Genesys, which the times in the reply follow.</param>
    /// <param name="now">The current time on this machine's clock.</param>
    public ActivityReply ToReply(Instant fetchedAt, int calls, PresenceMap presences, Duration ahead, Instant now)
    {
        var figures = new List<ActivityFigure>(_figures.Count);
        foreach (var (key, figure) in _figures)
        {
            var since = figure.Since + ahead;
            if (since > now + MaxAhead)
            {
                _invalid.Add(new(key.QueueId, key.MediaType, key.Metric, "its time is in the future"));
                continue;
            }

            var qualifier = key.Metric == ActivityMetrics.UserPresences
                ? presences.Find(key.Qualifier, key.SecondaryQualifier) ?? PresenceMap.Unknown
                : PresenceMap.Named(key.Qualifier);
            figures.Add(new(key.QueueId, key.MediaType, key.Metric, qualifier, figure.Count, since is { } start ? Instant.Min(start, now) : null));
        }

        return new() { Figures = [.. figures], Invalid = [.. _invalid], FetchedAt = fetchedAt, Calls = calls };
    }
}

/// <summary>What a figure is about, as the reply states it.</summary>
internal readonly record struct ActivityFigureKey(string QueueId, string? MediaType, string Metric, string? Qualifier, string? SecondaryQualifier);

/// <param name="Since">The start time on the clock of Genesys, if the figure is a time.</param>
internal readonly record struct RawActivityFigure(int Count, Instant? Since);
