using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Genesys.Notifications;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>Decides which topics the service subscribes to, and on which channel. Pure.</summary>
internal static class TopicPlan
{
    /// <summary>Each queue gets a topic for its conversations. If there is room for two topics per queue, each queue also gets a topic for its users.</summary>
    /// <param name="maxTopics">The maximum number of topics per channel.</param>
    /// <param name="maxChannels">The maximum number of channels. If there can be several, one is kept free, so that a channel can be replaced.</param>
    /// <returns>Null if the channels do not have room for one topic per queue.</returns>
    public static ImmutableArray<string>? TopicsOf(IEnumerable<string> queueIds, int maxTopics, int maxChannels)
    {
        var ids = queueIds.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var room = Math.Max(1L, maxChannels - 1) * maxTopics;
        return ids.Count > room ? null
            : ids.Count * 2L > room ? [.. ids.Select(NotificationWire.ActivityTopic)]
            : [.. ids.SelectMany(id => new[] { NotificationWire.ActivityTopic(id), NotificationWire.ObservationsTopic(id) })];
    }

    /// <summary>The maximum number of topics that an error message names; null if the message names no number below the requested number.</summary>
    public static int? MaxTopicsOf(string? message, int requested)
    {
        // Only numbers that stand alone are considered, because ids also contain digits.
        var numbers = (message ?? "").Split([' ', ',', '.', ':', ';', '(', ')', '[', ']', '\'', '"'], StringSplitOptions.RemoveEmptyEntries)
            .Select(digits => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0 && number < requested)
            .ToList();
        return numbers is [] ? null : numbers.Max();
    }

    /// <summary>
    /// Assigns the topics in a way that changes as few channels as possible: a topic stays on its channel, and a new topic goes to a channel with room.
    /// </summary>
    /// <param name="current">The topics of each channel.</param>
    /// <returns>The same channels in the same order, some of them possibly without topics, followed by the additional channels that are needed.</returns>
    public static ImmutableArray<ImmutableArray<string>> Assign(ImmutableArray<ImmutableArray<string>> current, ImmutableArray<string> wanted, int maxTopics)
    {
        var unassigned = new HashSet<string>(wanted, StringComparer.OrdinalIgnoreCase);
        var channels = current.Select(topics => topics.Where(unassigned.Remove).Take(maxTopics).ToList()).ToList();
        // Includes topics that no longer fit into their channel because the limit was lowered.
        var added = new Queue<string>(wanted.Except(channels.SelectMany(topics => topics), StringComparer.OrdinalIgnoreCase));
        foreach (var topics in channels.Where(topics => topics.Count > 0))
        {
            while (topics.Count < maxTopics && added.TryDequeue(out var topic))
            {
                topics.Add(topic);
            }
        }

        return [.. channels.Select(topics => topics.ToImmutableArray()), .. added.Chunk(maxTopics).Select(topics => topics.ToImmutableArray())];
    }
}
