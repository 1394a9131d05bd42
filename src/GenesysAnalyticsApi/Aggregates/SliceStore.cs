using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Operations;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Slices, shared by everyone: from memory or Redis while they are fresh, else by one flight per slice, whoever needs it. Who needs a
/// slice that is being fetched gets that flight's outcome, its failure too; a failure is remembered for a moment, so that nobody
/// tries in turn. When Genesys cannot be asked, what is kept is shown, labelled as stale.
/// </summary>
internal sealed partial class SliceStore(
    SliceCache cache, SliceFlights flights, FailedSlices failed, IOptions<GenesysOptions> options, TimeProvider clock)
{
    private Duration Settle => Duration.FromHours(options.Value.SettleHours);

    /// <param name="maxAge">A slice fetched longer ago is fetched again; it only shortens freshness.</param>
    /// <param name="turn">Stepped aside from before Genesys is waited for.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="ProblemException">503: Genesys is asked for too many questions already.</exception>
    public async Task<SliceOutcome> GetAsync(Slice slice, Duration? maxAge, GenesysAsker asker, Turn turn, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var kept = await cache.FindAsync(slice.Key, cancellationToken);
        if (kept is not null && now - kept.FetchedAt > SliceFreshness.Kept)
        {
            kept = null;
        }

        if (kept is not null && now < DueAt(slice, kept, maxAge))
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

    /// <summary>What is kept of a slice, without asking anybody; for plans that are only explained.</summary>
    public async Task<(StoredSlice Kept, Instant DueAt)?> FindAsync(Slice slice, Duration? maxAge, CancellationToken cancellationToken) =>
        await cache.FindAsync(slice.Key, cancellationToken) is { } kept ? (kept, DueAt(slice, kept, maxAge)) : null;

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
        Instant.FromDateTimeOffset(clock.GetUtcNow()) < (await FindAsync(slice, maxAge, cancellationToken))?.DueAt;

    private Instant DueAt(Slice slice, StoredSlice kept, Duration? maxAge)
    {
        var due = SliceFreshness.DueAt(slice, kept, Settle);
        return maxAge is { } most ? Instant.Min(due, kept.FetchedAt + most) : due;
    }

    private SliceOutcome Outcome(Slice slice, StoredSlice? kept, Duration? maxAge, GenesysFailure? failure, int calls) => kept is null
        ? new SliceOutcome(slice, null, Instant.FromDateTimeOffset(clock.GetUtcNow()), failure, calls, new HashSet<string>())
        : new SliceOutcome(slice, kept.Facts, kept.FetchedAt, failure, calls, kept.Refused.ToHashSet(StringComparer.Ordinal))
        {
            DueAt = DueAt(slice, kept, maxAge),
            IsByQueues = kept.IsByQueues,
        };
}
