using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Tells for which queues figures are missing from a state, or could be hidden in entries that could not be read.</summary>
internal sealed class MissingQueues
{
    private readonly HashSet<string>? _conversations;
    private readonly HashSet<string>? _users;
    private readonly HashSet<string> _hidden;

    public MissingQueues(LiveSnapshot state)
    {
        (_conversations, _users) = (Of(state, LivePart.Conversations), Of(state, LivePart.Users));
        CanAssumeZeros = !state.Dropped.Any(dropped => dropped.QueueId is null);
        _hidden = state.Dropped.Where(dropped => dropped.IsOfAnyMediaType).Select(dropped => dropped.QueueId).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the figures of a queue that the state does not mention are zero. False if a dropped entry could belong to any queue.</summary>
    public bool CanAssumeZeros { get; }

    /// <summary>Whether a dropped entry could belong to a media type of this queue that the state does not mention.</summary>
    public bool HidesMediaTypes(string queueId) => _hidden.Contains(queueId);

    /// <summary>Whether the figures about conversations are missing for all queues.</summary>
    public bool AllConversations => _conversations is null;

    /// <summary>Whether the figures about the conversations of this queue are missing.</summary>
    public bool LacksConversations(string queueId) => _conversations?.Contains(queueId) != false;

    /// <summary>Whether the figures about the users of this queue are missing.</summary>
    public bool LacksUsers(string queueId) => _users?.Contains(queueId) != false;

    /// <returns>The ids of the queues for which the part is missing; null if it is missing for all queues.</returns>
    private static HashSet<string>? Of(LiveSnapshot state, LivePart part)
    {
        var missing = state.Missing.Where(entry => entry.Part == part).ToList();
        return missing.Exists(entry => entry.QueueIds.IsEmpty) ? null : missing.SelectMany(entry => entry.QueueIds).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
