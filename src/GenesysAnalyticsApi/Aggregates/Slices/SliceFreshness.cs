using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// How long a slice may be used without asking again. What decides is the age that its end had when it was fetched: the younger
/// the data, the more Genesys still changes it. Pure.
/// </summary>
internal static class SliceFreshness
{
    /// <summary>Past its freshness a slice is kept this long, to be shown labelled as stale when Genesys cannot be asked.</summary>
    public static readonly Duration StaleRetention = Duration.FromDays(7);

    /// <summary>An interval that no grid has is hardly ever asked for again.</summary>
    public static readonly Duration ExactSliceRetention = Duration.FromMinutes(5);

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
    public static Instant RefreshDueAt(Slice slice, CachedSlice kept, Duration settle)
    {
        var due = RefreshDueAt(slice, kept.FetchedAt, settle);
        due = kept.Facts.HasOdd ? Instant.Min(due, kept.FetchedAt + OddKept) : due;
        return kept.Refused.All(MetricCatalog.OftenRefused.Contains) ? due : Instant.Min(due, kept.FetchedAt + UnsupportedMetrics.RetryInterval);
    }

    /// <summary>
    /// When it has to be fetched again: at the end of its freshness, or sooner, when it closes or settles, because what was fetched
    /// before then is no longer of the class it was.
    /// </summary>
    public static Instant RefreshDueAt(Slice slice, Instant fetchedAt, Duration settle)
    {
        var end = slice.Key.To;
        var due = fetchedAt + Of(end, fetchedAt, settle);
        due = slice.Grain is null ? Instant.Min(due, fetchedAt + ExactSliceRetention) : due;
        due = fetchedAt < end ? Instant.Min(due, end) : due;
        return fetchedAt < end + settle ? Instant.Min(due, end + settle) : due;
    }
}

/// <summary>How young a slice has to be for one question, as fresh as its data demands or younger where the question says so, and its queues.</summary>
/// <param name="AskedAt">When the question asked for it.</param>
/// <param name="MaxAge">A slice fetched longer ago is too old for it; it only shortens freshness.</param>
internal readonly record struct SliceDemand(Slice Slice, Instant AskedAt, Duration? MaxAge, Duration Settle)
{
    /// <summary>
    /// Whether what is fetched from that moment on answers the question: a flight that began earlier than the question allows is not joined,
    /// because what it brings may be as old as its beginning.
    /// </summary>
    public bool Takes(Instant startedAt) => startedAt >= AskedAt || AskedAt < Limited(SliceFreshness.RefreshDueAt(Slice, startedAt, Settle), startedAt);

    /// <summary>Whether what was found is young enough, whatever queues it has.</summary>
    public bool IsYoungEnough(CachedSlice found) => found.FetchedAt >= AskedAt || AskedAt < DueAt(found);

    /// <summary>The queues of the question that the slice was not asked for.</summary>
    public QueueSet Lacking(CachedSlice found) => Slice.Needed.Without(found.Asked);

    public bool IsMetBy(CachedSlice found) => IsYoungEnough(found) && Lacking(found).Ids.IsEmpty;

    /// <summary>Whether what was found answers the question, and was not what the asker had already.</summary>
    public bool IsNews(CachedSlice? found, CachedSlice? kept) =>
        found is not null && IsMetBy(found) && (kept is null || found.FetchedAt > kept.FetchedAt || !Lacking(kept).Ids.IsEmpty);

    /// <summary>When the slice is too old for such a question.</summary>
    public Instant DueAt(CachedSlice kept) => Limited(SliceFreshness.RefreshDueAt(Slice, kept, Settle), kept.FetchedAt);

    private Instant Limited(Instant due, Instant fetchedAt) => MaxAge is { } most ? Instant.Min(due, fetchedAt + most) : due;
}
