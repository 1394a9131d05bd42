using System.Globalization;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Queues;

/// <summary>The validated parameters of a queue list request.</summary>
internal sealed record QueueSearch(int PageNumber, int PageSize, bool IsDescending, string? Name, string[] Ids, string[] DivisionIds)
{
    private const int MaxPageSize = 500;

    private static readonly string[] Known =
        ["pageNumber", "pageSize", "sortOrder", "name", "id", "divisionId", "peerId", "cannedResponseLibraryId", "hasPeer", "expand"];

    public static QueueSearch From(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(key => !Known.Contains(key)) is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        return new(
            Number(query, "pageNumber", 1, int.MaxValue),
            Number(query, "pageSize", 25, MaxPageSize),
            Order(query["sortOrder"].ToString()),
            query["name"] is [{ } name] ? name : null,
            [.. query["id"].OfType<string>()],
            [.. query["divisionId"].OfType<string>().Where(id => id != "*")]);
    }

    public List<SimulatedQueue> In(IEnumerable<SimulatedQueue> queues, DateTimeOffset now)
    {
        var found = queues.Where(queue => queue.IsListed && queue.Created <= now
            && HasName(queue.Name)
            && (Ids.Length == 0 || Ids.Contains(queue.WireId, StringComparer.OrdinalIgnoreCase))
            && (DivisionIds.Length == 0 || DivisionIds.Contains(queue.Division.Id.ToString(), StringComparer.OrdinalIgnoreCase)));
        var sorted = found.OrderBy(queue => queue.Name, StringComparer.OrdinalIgnoreCase).ThenBy(queue => queue.WireId, StringComparer.Ordinal);
        return IsDescending ? [.. sorted.Reverse()] : [.. sorted];
    }

    private bool HasName(string name)
    {
        if (Name is null)
        {
            return true;
        }

        var text = Name.Trim('*');
        return (Name.StartsWith('*'), Name.EndsWith('*')) switch
        {
            (true, true) => name.Contains(text, StringComparison.OrdinalIgnoreCase),
            (true, false) => name.EndsWith(text, StringComparison.OrdinalIgnoreCase),
            (false, true) => name.StartsWith(text, StringComparison.OrdinalIgnoreCase),
            _ => name.Equals(text, StringComparison.OrdinalIgnoreCase),
        };
    }

    private static int Number(IQueryCollection query, string name, int otherwise, int max)
    {
        if (!query.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw ApiException.BadRequest($"Value [{text}] of {name} must be an integer from 1 to {max}.");
    }

    private static bool Order(string text) => text.ToUpperInvariant() switch
    {
        "" or "ASC" or "ASCENDING" => false,
        "DESC" or "DESCENDING" => true,
        _ => throw ApiException.InvalidValue(text, "sortOrder", ["asc", "desc"]),
    };
}
