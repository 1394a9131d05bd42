using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Aggregates.Parsing;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Details.Parsing;

/// <summary>Parses the body of a details query or job, and rejects what Genesys would reject or what the simulator does not support.</summary>
internal static class DetailQueryReader
{
    private const string Sync = "ConversationQuery";
    private const string Async = "AsyncConversationQuery";
    private const string Paging = "PagingSpec";
    private const int MaxPageSize = 100;
    private const int MaxDepth = 100_000;
    private const long Day = 86_400_000;

    private static readonly FrozenSet<string> SyncMembers = GenesysContract.Members(Sync);
    private static readonly FrozenSet<string> AsyncMembers = GenesysContract.Members(Async);
    private static readonly FrozenSet<string> Orders = GenesysContract.Values(Sync, "OrderEnum");
    private static readonly FrozenSet<string> OrderKeys = GenesysContract.Values(Sync, "OrderByEnum");

    private static readonly string[] Unsupported = ["evaluationFilters", "surveyFilters", "resolutionFilters"];

    public static DetailQuery ReadSync(ReadOnlyMemory<byte> body, int maxDays)
    {
        using var document = RequestBody.ParseStrictly(body);
        var query = new StrictObject(document.RootElement, Sync, SyncMembers);
        if (query.List("aggregations").Any())
        {
            throw ApiException.BadRequest("aggregations are not supported by the simulator.");
        }

        var read = ReadCommon(query, fromStartOfDay: true, document.RootElement);
        if (read.End - read.Start > maxDays * Day)
        {
            throw TooLong(maxDays);
        }

        var paging = query.Find("paging") is { } given ? new StrictObject(given, Paging) : (StrictObject?)null;
        var size = ReadInteger(paging, "pageSize", 25, MaxPageSize);
        var number = ReadInteger(paging, "pageNumber", 1, int.MaxValue);
        return (long)size * number > MaxDepth
            ? throw ApiException.BadRequest($"Pagination may not exceed {MaxDepth} results. Use a smaller interval to reduce the number of results.")
            : read with { PageSize = size, PageNumber = number };
    }

    public static DetailQuery ReadAsync(ReadOnlyMemory<byte> body)
    {
        using var document = RequestBody.ParseStrictly(body);
        var query = new StrictObject(document.RootElement, Async, AsyncMembers);
        query.RequireBoolean("startOfDayIntervalMatching");
        var fromStartOfDay = query.Find("startOfDayIntervalMatching") is { ValueKind: JsonValueKind.True };
        var limit = query.Find("limit") is null ? (int?)null : ReadInteger(query, "limit", 1, int.MaxValue);
        return ReadCommon(query, fromStartOfDay, document.RootElement) with { Limit = limit };
    }

    public static ApiException TooLong(int maxDays) => ApiException.BadRequest(
        string.Create(CultureInfo.InvariantCulture, $"You must specify a search interval as part of your query that does not exceed {maxDays} days"));

    private static DetailQuery ReadCommon(StrictObject query, bool fromStartOfDay, JsonElement root)
    {
        var (start, end) = IntervalReader.Read(query.RequiredText("interval"));
        if (Unsupported.FirstOrDefault(name => query.List(name).Any()) is { } unsupported)
        {
            throw ApiException.BadRequest($"{unsupported} are not supported by the simulator.");
        }

        return new(
            start,
            end,
            query.OneOf("order", Orders) switch
            {
                "desc" => DetailOrder.Descending,
                "unordered" => DetailOrder.Unordered,
                _ => DetailOrder.Ascending,
            },
            query.OneOf("orderBy", OrderKeys) ?? "conversationStart",
            [.. query.List("conversationFilters").Select(RecordFilterReader.ReadConversationFilter)],
            [.. query.List("segmentFilters").Select(RecordFilterReader.ReadSegmentFilter)])
        {
            FromStartOfDay = fromStartOfDay,
            Fingerprint = FingerprintOf(root),
        };
    }

    private static int ReadInteger(StrictObject? part, string name, int fallback, int max) => part?.Number(name) is not { } number
        ? fallback
        : number >= 1 && number <= max && number == Math.Floor(number)
            ? (int)number
            : throw ApiException.BadRequest($"Value [{number.ToString(CultureInfo.InvariantCulture)}] of {name} must be an integer from 1 to {max}.");

    private static string FingerprintOf(JsonElement root) => string.Join(
        '\n', root.EnumerateObject().Where(member => member.Name != "paging").OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}:{member.Value.GetRawText()}"));
}
