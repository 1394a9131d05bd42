using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>
/// Collects which of the selected agents and wrap-up codes have conversations, and warns about the others, as GET /aggregates does: a misspelled id would look
/// like an id without conversations.
/// </summary>
internal sealed class FilterMatches(ConversationsQuery query)
{
    private readonly HashSet<string> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _codes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether all records of the query were added. Otherwise, other records can have the remaining values.</summary>
    public bool HasAll { get; set; }

    public void Add(ConversationRecord record)
    {
        if (!query.Shared.UserIds.IsEmpty)
        {
            _users.UnionWith(record.Agents ?? []);
        }

        if (!query.Shared.WrapUpCodes.IsEmpty)
        {
            _codes.UnionWith(record.WrapUpCodes);
        }
    }

    public IEnumerable<ResponseWarning> Warnings(DetailsReadReport report) => HasAll && report.IsComplete
        ? [.. Warn("userId", query.Shared.UserIds, _users, ""), .. Warn("wrapUpCode", query.Shared.WrapUpCodes, _codes, " wrapUpCode takes ids, not names: see GET /wrapup-codes.")]
        : [];

    private static ResponseWarning[] Warn(string parameter, ImmutableArray<string> values, HashSet<string> found, string hint)
    {
        var missing = values.Where(value => !found.Contains(value)).Order(StringComparer.Ordinal).Select(InputExcerpt.Of).ToList();
        return missing is [] ? [] : [new("no-figures", $"There are no conversations for {parameter} {ResponseWarning.Named(missing)} in the interval and within the other filters.{hint}")];
    }
}
