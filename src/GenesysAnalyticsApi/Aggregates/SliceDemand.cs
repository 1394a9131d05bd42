using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>How young a slice has to be for one question, as fresh as its data demands or younger where the question says so, and its queues.</summary>
/// <param name="AskedAt">When the question asked for it.</param>
/// <param name="MaxAge">A slice fetched longer ago is too old for it; it only shortens freshness.</param>
internal readonly record struct SliceDemand(Slice Slice, Instant AskedAt, Duration? MaxAge, Duration Settle)
{
    /// <summary>
    /// Whether what is fetched from that moment on answers the question: a flight that began earlier than the question allows is not joined,
    /// because what it brings may be as old as its beginning.
    /// </summary>
    public bool Takes(Instant startedAt) => startedAt >= AskedAt || AskedAt < Limited(SliceFreshness.DueAt(Slice, startedAt, Settle), startedAt);

    /// <summary>Whether what was found is young enough, whatever queues it has.</summary>
    public bool IsYoungEnough(StoredSlice found) => found.FetchedAt >= AskedAt || AskedAt < DueAt(found);

    /// <summary>The queues of the question that the slice was not asked for.</summary>
    public QueueSet Lacking(StoredSlice found) => Slice.Needed.Without(found.Asked);

    public bool IsMetBy(StoredSlice found) => IsYoungEnough(found) && Lacking(found).Ids.IsEmpty;

    /// <summary>Whether what was found answers the question, and was not what the asker had already.</summary>
    public bool IsNews(StoredSlice? found, StoredSlice? kept) =>
        found is not null && IsMetBy(found) && (kept is null || found.FetchedAt > kept.FetchedAt || !Lacking(kept).Ids.IsEmpty);

    /// <summary>When the slice is too old for such a question.</summary>
    public Instant DueAt(StoredSlice kept) => Limited(SliceFreshness.DueAt(Slice, kept, Settle), kept.FetchedAt);

    private Instant Limited(Instant due, Instant fetchedAt) => MaxAge is { } most ? Instant.Min(due, fetchedAt + most) : due;
}
