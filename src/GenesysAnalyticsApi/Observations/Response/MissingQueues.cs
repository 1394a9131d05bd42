using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Which queues of a state could not be read.</summary>
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

    /// <summary>Whether a queue that Genesys does not mention is empty. False if a dropped entry could have been about such a queue.</summary>
    public bool CanAssumeZeros { get; }

    /// <summary>Whether a dropped entry could have been about a media type of the queue that the state does not mention.</summary>
    public bool HidesMediaTypes(string queueId) => _hidden.Contains(queueId);

    /// <summary>Whether the figures about conversations are missing for all queues.</summary>
    public bool AllConversations => _conversations is null;

    public bool Conversations(string queueId) => _conversations?.Contains(queueId) != false;

    public bool Users(string queueId) => _users?.Contains(queueId) != false;

    /// <returns>The ids of the queues; null for all queues.</returns>
    private static HashSet<string>? Of(LiveSnapshot state, LivePart part)
    {
        var missing = state.Missing.Where(one => one.Part == part).ToList();
        return missing.Exists(one => one.QueueIds.IsEmpty) ? null : missing.SelectMany(one => one.QueueIds).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
