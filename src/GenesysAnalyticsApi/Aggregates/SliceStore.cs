using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Operations;
using GenesysAnalyticsApi.Queues;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Slices, shared by all callers: from memory or Redis while they are fresh and have the queues of the question, else by one flight per
/// slice. A caller who needs a slice that is being fetched gets that flight's outcome, its failure too; a failure is remembered for a moment,
/// so that waiting callers do not try in turn. When Genesys cannot be asked, what is kept is shown, labelled as stale.
/// </summary>
internal sealed partial class SliceStore(
    SliceCache cache, SliceFlights flights, FailedSlices failed, KnownQueues known, RefusedMetrics refused, IOptions<GenesysOptions> options, TimeProvider clock)
{
    private Duration Settle => Duration.FromHours(options.Value.SettleHours);

    /// <param name="maxAge">A slice fetched longer ago is fetched again; it only shortens freshness.</param>
    /// <param name="turn">Stepped aside from before Genesys is waited for.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="ProblemException">503: Genesys is asked for too many questions already.</exception>
    public async Task<SliceOutcome> GetAsync(Slice slice, Duration? maxAge, GenesysAsker asker, Turn turn, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var kept = await FindKeptAsync(slice, cancellationToken);
        if (kept is not null && now - kept.FetchedAt > SliceFreshness.Kept)
        {
            kept = null;
        }

        // What was not asked for a queue of the question is completed, never answered from as it is.
        if (kept is not null && now < DueAt(slice, kept, maxAge) && Lacking(slice, kept).Ids.IsEmpty)
        {
            RefreshAhead(slice, kept.FetchedAt, now);
            return Outcome(slice, kept, maxAge, null, 0) with { IsCached = true };
        }

        if (failed.Find(slice.Key, now) is { } remembered)
        {
            return Outcome(slice, kept, maxAge, remembered, 0);
        }

        turn.StepAside(fetches: !flights.IsUnderWay(slice.Key));
        var (fetched, failure, calls) = await flights.JoinAsync(slice, kept, now - maxAge, asker, cancellationToken);
        return Outcome(slice, fetched ?? kept, maxAge, failure, calls);
    }

    /// <summary>What is kept of a slice, when it is due, and the queues of the question that it lacks; Genesys is not asked.</summary>
    public async Task<(StoredSlice Kept, Instant DueAt, QueueSet Lacking)?> FindAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) =>
        await FindKeptAsync(slice, cancellationToken) is { } kept ? (kept, DueAt(slice, kept, maxAge), Lacking(slice, kept)) : null;

    /// <summary>A slice that is asked for again and again is fetched before it is due, behind those who wait for an answer.</summary>
    public void RefreshAhead(Slice slice, Instant fetchedAt, Instant now)
    {
        var due = SliceFreshness.DueAt(slice, fetchedAt, Settle);
        if (due - now < (due - fetchedAt) / 5)
        {
            flights.AskedLate(slice);
        }
    }

    public async Task<bool> IsFreshAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) =>
        await FindAsync(slice, maxAge, cancellationToken) is { } found && Instant.FromDateTimeOffset(clock.GetUtcNow()) < found.DueAt && found.Lacking.Ids.IsEmpty;

    private static QueueSet Lacking(Slice slice, StoredSlice kept) => slice.Needed.Without(kept.Asked);

    private async ValueTask<StoredSlice?> FindKeptAsync(Slice slice, CancellationToken cancellationToken)
    {
        var kept = await cache.FindAsync(slice.Key, cancellationToken);
        if (kept is not null)
        {
            known.Saw(kept);
        }

        return kept;
    }

    private Instant DueAt(Slice slice, StoredSlice kept, Duration? maxAge)
    {
        if (refused.IsOutdated(slice, kept))
        {
            return kept.FetchedAt;
        }

        var due = SliceFreshness.DueAt(slice, kept, Settle);
        return maxAge is { } most ? Instant.Min(due, kept.FetchedAt + most) : due;
    }

    /// <summary>What was asked for by ids can lack a queue that the next listing has: an answer of it is kept no longer than a listing.</summary>
    private Instant AnswerDueAt(Slice slice, StoredSlice kept, Duration? maxAge) => kept.Asked.IsEverything
        ? DueAt(slice, kept, maxAge)
        : Instant.Min(DueAt(slice, kept, maxAge), Instant.FromDateTimeOffset(clock.GetUtcNow()) + Duration.FromTimeSpan(QueueDirectory.Young));

    // A slice that has none of the question's queues has nothing for its answer.
    private SliceOutcome Outcome(Slice slice, StoredSlice? kept, Duration? maxAge, GenesysFailure? failure, int calls) =>
        kept is null || (failure is not null && !slice.Needed.Ids.IsEmpty && Lacking(slice, kept).Ids.Length == slice.Needed.Ids.Length)
        ? new SliceOutcome(slice, null, Instant.FromDateTimeOffset(clock.GetUtcNow()), failure, calls, new HashSet<string>())
        : new SliceOutcome(slice, kept.Facts, kept.FetchedAt, failure, calls, kept.Refused.ToHashSet(StringComparer.Ordinal))
        {
            DueAt = AnswerDueAt(slice, kept, maxAge),
            Asked = kept.Asked,
        };
}
