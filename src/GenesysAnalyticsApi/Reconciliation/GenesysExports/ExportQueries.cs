using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>The rows of an export that one query of GET /aggregates covers.</summary>
/// <param name="BySingleMediaType">True if each row has exactly one media type. If false, each row covers all media types of the query.</param>
internal sealed record ExportQuery(AggregatesParameters Parameters, bool BySingleMediaType, ImmutableArray<ExportRow> Rows);

/// <summary>
/// Finds the queries for the rows of an export. The rows with a single media type form one group, and the other rows form one group per set of media types. A
/// group needs one query if all its intervals are buckets of one size, otherwise one query per interval.
/// </summary>
internal static class ExportQueries
{
    /// <summary>
    /// The maximum number of different intervals that need queries of their own, because they are not buckets of one size. The limit is on intervals, not on
    /// queries: queries for the same interval share its slices, so they need no further Genesys requests.
    /// </summary>
    public const int MaxIntervals = 31;

    /// <summary>The maximum number of different lists of media types. Each list needs queries of its own, and Genesys has far fewer lists in one export.</summary>
    public const int MaxMediaTypeLists = 31;

    /// <param name="queueIdOf">Returns the id of a row's queue. If there are more ids than GET /aggregates accepts, the query is for all queues.</param>
    /// <exception cref="UnreadableExportException">The rows have too many different intervals or lists of media types.</exception>
    public static IReadOnlyList<ExportQuery> Of(IReadOnlyCollection<ExportRow> rows, DateTimeZone zone, Func<ExportRow, string> queueIdOf)
    {
        var groups = rows.GroupBy(row => row.MediaTypes.Length == 1 ? "" : $"all {string.Join(',', row.MediaTypes)}", StringComparer.Ordinal).ToList();
        if (groups.Count > MaxMediaTypeLists)
        {
            var first = groups[MaxMediaTypeLists].First();
            throw new UnreadableExportException(
                $"Line {first.Line}: '{string.Join(',', first.MediaTypes)}' is one list of media types too many: the rows have {groups.Count} different lists; at most {MaxMediaTypeLists} are accepted. "
                + "Export fewer combinations of media types.");
        }

        var queries = groups.SelectMany(group => Of([.. group], bySingleMediaType: group.Key.Length == 0, zone, queueIdOf)).ToList();
        var intervals = queries.Where(query => query.Parameters.Granularity is null)
            .SelectMany(query => query.Rows).OrderBy(row => row.Line).DistinctBy(row => (row.From, row.To)).ToList();
        return intervals.Count <= MaxIntervals ? queries : throw new UnreadableExportException(
            $"Line {intervals[MaxIntervals].Line}: '{InstantFormat.Print(intervals[MaxIntervals].From)}/{InstantFormat.Print(intervals[MaxIntervals].To)}' is one interval too many: the rows have {intervals.Count} different intervals "
            + $"that are not buckets of one size in {zone.Name}; at most {MaxIntervals} are accepted. Set timeZone to the time zone of the export, or export fewer intervals.");
    }

    private static IEnumerable<ExportQuery> Of(ImmutableArray<ExportRow> rows, bool bySingleMediaType, DateTimeZone zone, Func<ExportRow, string> queueIdOf)
    {
        var intervals = rows.Select(row => (row.From, row.To)).Distinct().ToList();
        if (intervals.Count > 1 && Granularity.All.FirstOrDefault(size => intervals.TrueForAll(interval => IsBucket(interval, size, zone))) is { } size)
        {
            return [QueryOf(rows, size, bySingleMediaType, zone, queueIdOf)];
        }

        return rows.GroupBy(row => (row.From, row.To)).Select(group => QueryOf([.. group], size: null, bySingleMediaType, zone, queueIdOf));
    }

    private static bool IsBucket((Instant From, Instant To) interval, Granularity size, DateTimeZone zone) =>
        BucketBoundaries.AtOrBefore(interval.From, size, zone) == interval.From && BucketBoundaries.After(interval.From, size, zone) == interval.To;

    private static ExportQuery QueryOf(ImmutableArray<ExportRow> rows, Granularity? size, bool bySingleMediaType, DateTimeZone zone, Func<ExportRow, string> queueIdOf)
    {
        var ids = rows.Select(queueIdOf).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var mediaTypes = rows.SelectMany(row => row.MediaTypes).Distinct(StringComparer.Ordinal).ToArray();
        return new(
            new AggregatesParameters
            {
                From = InstantFormat.Print(rows.Min(row => row.From)),
                To = InstantFormat.Print(rows.Max(row => row.To)),
                TimeZone = zone.Name,
                Granularity = size?.Iso,
                QueueId = ids.Length <= AggregatesParametersValidator.MaxIds ? ids : null,
                MediaType = mediaTypes is [] ? null : mediaTypes,
                GroupBy = bySingleMediaType ? ["queueId", "mediaType"] : ["queueId"],
                Partial = "deny",
            },
            bySingleMediaType,
            rows);
    }
}
