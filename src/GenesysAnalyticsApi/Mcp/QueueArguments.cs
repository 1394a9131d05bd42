using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Sorts the queues of a tool call into ids and names, because a model passes whichever of the two it has.</summary>
/// <param name="Ids">Null if there are none.</param>
/// <param name="Names">Names and patterns; null if there are none.</param>
internal sealed record QueueArguments(string[]? Ids, string[]? Names)
{
    public const string Description = "Queues by name, by a pattern with * (Billing*), or by id. Omit it for all queues that the caller can see.";

    public static QueueArguments Of(string[]? queues)
    {
        var given = (queues ?? []).Where(queue => !string.IsNullOrWhiteSpace(queue)).ToLookup(GenesysId.Is);
        return new(ListOf(given[true]), ListOf(given[false]));
    }

    private static string[]? ListOf(IEnumerable<string> items) => items.Any() ? [.. items] : null;
}
