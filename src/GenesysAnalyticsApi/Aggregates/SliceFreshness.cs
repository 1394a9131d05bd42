using GenesysAnalyticsApi.Catalog;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// How long a slice may be used without asking again. What decides is the age that its end had when it was fetched: the younger
/// the data, the more Genesys still changes it. Pure.
/// </summary>
internal static class SliceFreshness
{
    /// <summary>Past its freshness a slice is kept this long, to be shown labelled as stale when Genesys cannot be asked.</summary>
    public static readonly Duration Kept = Duration.FromDays(7);

    /// <summary>An interval that no grid has is hardly ever asked for again.</summary>
    public static readonly Duration ExactKept = Duration.FromMinutes(5);

    /// <summary>A slice with statistics that cannot be right is asked for again, however long its data has settled.</summary>
    public static readonly Duration OddKept = Duration.FromMinutes(30);

    private static readonly Duration OneDay = Duration.FromHours(24);

    /// <summary>The length of a slice's freshness, by the age of its end when it was fetched.</summary>
    public static Duration Of(Instant end, Instant fetchedAt, Duration settle) => (fetchedAt - end) switch
    {
        var age when age < Duration.Zero => Duration.FromSeconds(30),
        var age when age < OneDay && age < settle => Duration.FromMinutes(5),
        var age when age < settle => Duration.FromMinutes(30),
        _ => OneDay,
    };

    /// <summary>
    /// The same for what is kept of a slice. One that lacks a metric which Genesys may give at any time is due when that metric is tried again,
    /// however settled it is.
    /// </summary>
    public static Instant DueAt(Slice slice, StoredSlice kept, Duration settle)
    {
        var due = DueAt(slice, kept.FetchedAt, settle);
        due = kept.Facts.HasOdd ? Instant.Min(due, kept.FetchedAt + OddKept) : due;
        return kept.Refused.All(MetricCatalog.OftenRefused.Contains) ? due : Instant.Min(due, kept.FetchedAt + RefusedMetrics.BetweenTrials);
    }

    /// <summary>
    /// When it has to be fetched again: at the end of its freshness, or sooner, when it closes or settles, because what was fetched
    /// before then is no longer of the class it was.
    /// </summary>
    public static Instant DueAt(Slice slice, Instant fetchedAt, Duration settle)
    {
        var end = slice.Key.To;
        var due = fetchedAt + Of(end, fetchedAt, settle);
        due = slice.Grain is null ? Instant.Min(due, fetchedAt + ExactKept) : due;
        due = fetchedAt < end ? Instant.Min(due, end) : due;
        return fetchedAt < end + settle ? Instant.Min(due, end + settle) : due;
    }
}
