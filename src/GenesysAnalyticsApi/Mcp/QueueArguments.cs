using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Mcp.Protocol;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Separates the queues of a tool call into ids and names, because a model passes either.</summary>
/// <param name="Ids">The ids; null if there are none.</param>
/// <param name="Names">The names and patterns; null if there are none.</param>
internal sealed record QueueArguments(string[]? Ids, string[]? Names)
{
    public const string Description = "Queues by name, by a pattern with * (Billing*), or by id. Omit it for all queues that the caller can see.";

    public static QueueArguments Of(string[]? queues)
    {
        var byIsId = (queues ?? []).Where(queue => !string.IsNullOrWhiteSpace(queue)).ToLookup(GenesysId.Is);
        return new(ListOf(byIsId[true]), ListOf(byIsId[false]));
    }

    /// <summary>Adds the errors of a validator, for which ids and names of queues are two parameters.</summary>
    public static void AddTo(ArgumentFaults faults, IReadOnlyDictionary<string, string[]> errors)
    {
        foreach (var (parameter, messages) in errors)
        {
            faults.Add(parameter == "queueId" ? "queue" : parameter, messages);
        }
    }

    private static string[]? ListOf(IEnumerable<string> items) => items.Any() ? [.. items] : null;
}
