using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Slices, shared by all callers: from memory or Redis while they are fresh and have the queues of the question, else by one flight per
/// slice. A caller who needs a slice that is being fetched gets that flight's outcome, its failure too, if the flight began late enough for the
/// question; a failure is remembered for a moment, so that waiting callers do not try in turn. When Genesys cannot be asked, what is kept is shown, labelled as stale.
/// </summary>
internal sealed partial class SliceStore(
    SliceCache cache, SliceFetchCoordinator flights, SliceFailureCache failed, KnownQueues known, UnsupportedMetrics refused, IOptions<GenesysOptions> options, TimeProvider clock)
{
    private Duration Settle => Duration.FromHours(options.Value.SettleHours);

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <param name="maxAge">A slice fetched longer ago is fetched again; it only shortens freshness.</param>
    /// <param name="turn">Stepped aside from before Genesys is waited for.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="ProblemException">503: Genesys is asked for too many questions already.</exception>
    public async Task<SliceResult> GetAsync(Slice slice, Duration? maxAge, RequestOrigin asker, WorkSlot turn, CancellationToken cancellationToken)
    {
        var demand = new SliceDemand(slice, Now, maxAge, Settle);
        var kept = await FindKeptAsync(slice, cancellationToken);
        if (kept is not null && demand.AskedAt - kept.FetchedAt > SliceFreshness.StaleRetention)
        {
            kept = null;
        }

        // What was not asked for a queue of the question is completed, never answered from as it is.
        if (kept is not null && demand.AskedAt < DueAt(demand, kept) && demand.Lacking(kept).Ids.IsEmpty)
        {
            RefreshAhead(slice, kept.FetchedAt, demand.AskedAt);
            return Outcome(demand, kept, null, 0) with { IsCached = true };
        }

        if (failed.Find(slice.Key, kept?.FetchedAt, Now) is { } remembered)
        {
            return Outcome(demand, kept, remembered, 0);
        }

        await StepAsideAsync(turn, fetches: !flights.CanJoin(demand), cancellationToken);
        var (fetched, failure, calls) = await flights.JoinAsync(demand, kept, asker, cancellationToken);
        return Outcome(demand, fetched ?? kept, failure, calls);
    }

    /// <summary>What is kept of a slice, when it is due, and the queues of the question that it lacks; Genesys is not asked.</summary>
    public async Task<(CachedSlice Kept, Instant DueAt, QueueSet Lacking)?> FindAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) =>
        await FindKeptAsync(slice, cancellationToken) is { } kept && new SliceDemand(slice, Now, maxAge, Settle) is var demand
            ? (kept, DueAt(demand, kept), demand.Lacking(kept))
            : null;

    /// <summary>A slice that is asked for again and again is fetched before it is due, behind the questions that wait for an answer.</summary>
    public void RefreshAhead(Slice slice, Instant fetchedAt, Instant now)
    {
        var due = SliceFreshness.RefreshDueAt(slice, fetchedAt, Settle);
        if (due - now < (due - fetchedAt) / 5)
        {
            flights.RecordNearExpiryHit(slice);
        }
    }

    /// <summary>Fetched after now: the clock was set back since, and how old it is cannot be told.</summary>
    public bool IsStillToCome(Instant fetchedAt) => fetchedAt > Now;

    public async Task<bool> IsFreshAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) =>
        await FindAsync(slice, maxAge, cancellationToken) is { } found && Now < found.DueAt && found.Lacking.Ids.IsEmpty;

    private static Task StepAsideAsync(WorkSlot turn, bool fetches, CancellationToken cancellationToken)
    {
        if (fetches)
        {
            return turn.StepAsideToFetchAsync(cancellationToken);
        }

        turn.Release();
        return Task.CompletedTask;
    }

    private async ValueTask<CachedSlice?> FindKeptAsync(Slice slice, CancellationToken cancellationToken)
    {
        var kept = await cache.FindAsync(slice.Key, cancellationToken);
        if (kept is not null)
        {
            known.RecordQueuesOf(kept.Facts);
        }

        return kept;
    }

    private Instant DueAt(SliceDemand demand, CachedSlice kept) => refused.IsOutdated(demand.Slice, kept) ? kept.FetchedAt : demand.DueAt(kept);

    /// <summary>What was asked for by ids can lack a queue that the next listing has: an answer of it is kept no longer than a listing.</summary>
    private Instant AnswerDueAt(SliceDemand demand, CachedSlice kept) => kept.Asked.IsEverything
        ? DueAt(demand, kept)
        : Instant.Min(DueAt(demand, kept), Now + Duration.FromTimeSpan(QueueDirectory.MinRefreshAge));

    // A slice that has none of the question's queues has nothing for its answer.
    private SliceResult Outcome(SliceDemand demand, CachedSlice? kept, GenesysFailure? failure, int calls) =>
        kept is null || (failure is not null && demand.Slice.Needed.Ids is { IsEmpty: false } needed && demand.Lacking(kept).Ids.Length == needed.Length)
        ? new SliceResult(demand.Slice, null, Now, failure, calls, new HashSet<string>())
        : new SliceResult(demand.Slice, kept.Facts, kept.FetchedAt, failure, calls, kept.Refused.ToHashSet(StringComparer.Ordinal))
        {
            DueAt = AnswerDueAt(demand, kept),
            Asked = kept.Asked,
        };
}
