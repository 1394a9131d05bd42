using System.Globalization;
using System.Text.Json;

namespace GenesysSimulator.Wire;

/// <summary>The requested page of a list.</summary>
internal sealed record Listing(string Path, int PageNumber, int PageSize, bool IsDescending)
{
    private const int MaxPageSize = 500;

    private static readonly string[] Common = ["pageNumber", "pageSize", "sortOrder"];

    /// <summary>The parameters that the links to other pages repeat.</summary>
    public string RepeatedParameters { get; init; } = "";

    /// <summary>Whether every page repeats the first page because of a fault.</summary>
    public bool RepeatsFirstPage { get; init; }

    public static Listing From(HttpRequest request, params IEnumerable<string> known)
    {
        var query = request.Query;
        if (query.Keys.FirstOrDefault(key => !Common.Contains(key) && !known.Contains(key)) is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }

        return new(
            request.Path.Value!,
            Number(query, "pageNumber", 1, int.MaxValue),
            Number(query, "pageSize", 25, MaxPageSize),
            IsDescendingOrder(query["sortOrder"].ToString()));
    }

    public static string? OneOf(HttpRequest request, string name, params string[] allowed)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0 || allowed.Contains(text, StringComparer.OrdinalIgnoreCase) ? text : throw ApiException.InvalidValue(text, name, allowed);
    }

    /// <summary>Whether a name matches a pattern. The pattern can begin with an asterisk, end with one, or both.</summary>
    public static bool Matches(string name, string? pattern)
    {
        if (pattern is null)
        {
            return true;
        }

        var text = pattern.Trim('*');
        return (pattern.StartsWith('*'), pattern.EndsWith('*')) switch
        {
            (true, true) => name.Contains(text, StringComparison.OrdinalIgnoreCase),
            (true, false) => name.EndsWith(text, StringComparison.OrdinalIgnoreCase),
            (false, true) => name.StartsWith(text, StringComparison.OrdinalIgnoreCase),
            _ => name.Equals(text, StringComparison.OrdinalIgnoreCase),
        };
    }

    public static bool Contains(IReadOnlyCollection<string> ids, string id) => ids.Count == 0 || ids.Contains(id, StringComparer.OrdinalIgnoreCase);

    public Reply Of<T>(IEnumerable<T> sorted, Action<Utf8JsonWriter, T> write)
    {
        List<T> found = [.. IsDescending ? sorted.Reverse() : sorted];
        var pages = (found.Count + PageSize - 1) / PageSize;
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entities");
            var skipped = RepeatsFirstPage ? 0 : (int)Math.Min(found.Count, (PageNumber - 1L) * PageSize);
            foreach (var entity in found.Skip(skipped).Take(PageSize))
            {
                write(writer, entity);
            }

            writer.WriteEndArray();
            writer.WriteNumber("pageSize", PageSize);
            writer.WriteNumber("pageNumber", PageNumber);
            writer.WriteNumber("total", found.Count);
            writer.WriteNumber("pageCount", pages);
            WriteLinks(writer, pages);
            writer.WriteEndObject();
        });
    }

    // As in Genesys, the links are relative, so clients must prepend the API host.
    private void WriteLinks(Utf8JsonWriter writer, int pages)
    {
        string To(int page) => string.Create(CultureInfo.InvariantCulture, $"{Path}?pageSize={PageSize}&pageNumber={page}{RepeatedParameters}");

        writer.WriteString("firstUri", To(1));
        writer.WriteString("lastUri", To(Math.Max(1, pages)));
        writer.WriteString("selfUri", To(PageNumber));
        if (PageNumber < pages)
        {
            writer.WriteString("nextUri", To(PageNumber + 1));
        }

        if (PageNumber > 1)
        {
            writer.WriteString("previousUri", To(PageNumber - 1));
        }
    }

    private static int Number(IQueryCollection query, string name, int fallback, int max)
    {
        if (!query.TryGetValue(name, out var text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max
            ? number
            : throw ApiException.BadRequest($"Value [{text}] of {name} must be an integer from 1 to {max}.");
    }

    private static bool IsDescendingOrder(string text) => text.ToUpperInvariant() switch
    {
        "" or "ASC" or "ASCENDING" => false,
        "DESC" or "DESCENDING" => true,
        _ => throw ApiException.InvalidValue(text, "sortOrder", ["asc", "desc"]),
    };
}
