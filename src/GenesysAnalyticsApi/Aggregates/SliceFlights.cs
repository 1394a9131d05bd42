using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Sharing;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// One flight per slice in this process, and, by a lock in Redis, one among all replicas: the others wait for the slice or the failure
/// that it ends with.
/// </summary>
internal sealed partial class SliceFlights(
    SliceFetcher fetcher, SliceCache cache, FailedSlices failed, ISliceLocks locks, SliceDrift drift, KnownQueues known, IOptions<GenesysOptions> options,
    TimeProvider clock, ILogger<SliceFlights> logger) : IHostedService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>How many questions in the last fifth of a slice's freshness make it worth being fetched ahead.</summary>
    private const int Popular = 2;

    private const int MostLate = 10_000;

    /// <summary>Ids that a slice may have been asked for beside the known queues: callers can name any number of queues that never were.</summary>
    private const int MostNamed = 10_000;

    private readonly ConcurrentDictionary<SliceKey, Lazy<SliceFlight>> _running = new();
    private readonly ConcurrentDictionary<SliceKey, int> _lateQuestions = new();
    private volatile bool _isStopping;

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    public int Count => _running.Count;

    /// <summary>Whether somebody has it fetched now, in this process.</summary>
    public bool IsUnderWay(SliceKey slice) => _running.ContainsKey(slice);

    /// <summary>The outcome of the slice's flight, which starts now if none is under way. Only who started it is told its calls.</summary>
    /// <param name="kept">What the asker found kept, too old for its question.</param>
    /// <param name="notBefore">What was fetched earlier is too old for it, however fresh; what a flight fetches that is under way is not.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Landed> JoinAsync(Slice slice, StoredSlice? kept, Instant? notBefore, GenesysAsker asker, CancellationToken cancellationToken)
    {
        using var waiting = SliceTrace.Waiting(slice);
        while (true)
        {
            var own = new Lazy<SliceFlight>(() => new SliceFlight(Now, flight => FlyAsync(slice, kept, notBefore, asker, flight)));
            var entry = _running.GetOrAdd(slice.Key, own);
            var flight = entry.Value;
            if (entry != own && !flight.TryEnter())
            {
                _running.TryRemove(new KeyValuePair<SliceKey, Lazy<SliceFlight>>(slice.Key, entry));
                continue;
            }

            try
            {
                var landed = await flight.Landing.WaitAsync(cancellationToken);
                waiting.Joined(flight.Trace);
                waiting.Ended(landed.Failure is { } failure ? failure.Kind.Word() : "landed");
                if (landed.Slice?.FetchedAt < notBefore && landed.Slice.FetchedAt < flight.StartedAt)
                {
                    // Another question was content with what another replica had.
                    continue;
                }

                if (entry != own && landed.Slice is { } joined && Lacks(slice, joined))
                {
                    // It was on its way for other queues.
                    continue;
                }

                return entry == own ? landed : landed with { Calls = 0 };
            }
            finally
            {
                flight.Leave();
            }
        }
    }

    /// <summary>A question came in the last fifth of the slice's freshness; the second one makes it worth being fetched ahead.</summary>
    public void AskedLate(Slice slice)
    {
        var questions = _lateQuestions.AddOrUpdate(slice.Key, 1, (_, before) => before + 1);
        if (questions == Popular && !_isStopping)
        {
            _ = RefreshAsync(slice);
        }
        else if (questions == 1 && _lateQuestions.Count > MostLate)
        {
            // Slices that were asked for late once and never again; a popular one is counted anew soon.
            _lateQuestions.Clear();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Everybody has been answered by now, so that what still flies is for nobody. It is given up and waited for: a lock that stayed behind in
    /// Redis would keep other replicas from the slice until it ends by itself.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        List<SliceFlight> flights = [.. _running.Values.Where(entry => entry.IsValueCreated).Select(entry => entry.Value)];
        flights.ForEach(flight => flight.GiveUp());
        await Task.WhenAll(flights.Select(Task (flight) => flight.Landing)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Nobody waits for it: what becomes of it is seen by the next question.</summary>
    private async Task RefreshAsync(Slice slice)
    {
        try
        {
            await JoinAsync(slice, await cache.FindAsync(slice.Key, CancellationToken.None), null, GenesysAsker.Service, CancellationToken.None);
        }
        catch (OperationCanceledException) when (_isStopping)
        {
            // Given up above.
        }
        catch (Exception e)
        {
            // A defect here would else end unobserved; the slice is simply fetched by whoever needs it next.
            Log.RefreshFailed(logger, slice.Key.Group, slice.Key.From, slice.Key.To, e);
        }
    }

    private async Task<Landed> FlyAsync(Slice slice, StoredSlice? kept, Instant? notBefore, GenesysAsker asker, SliceFlight flight)
    {
        using var trace = flight.Trace = SliceTrace.Flight(slice);
        try
        {
            var landed = await AlreadyThere(slice, kept, notBefore) ?? await FlyAloneAsync(slice, kept, notBefore, asker, flight.Abandoned);
            trace.Ended(landed.Failure is { } failure ? failure.Kind.Word() : landed.Calls > 0 ? "fetched" : "found");
            return landed;
        }
        finally
        {
            flight.End();
            _lateQuestions.TryRemove(slice.Key, out _);
            if (_running.TryGetValue(slice.Key, out var entry) && ReferenceEquals(entry.Value, flight))
            {
                _running.TryRemove(new KeyValuePair<SliceKey, Lazy<SliceFlight>>(slice.Key, entry));
            }
        }
    }

    /// <summary>A flight may have landed between the asker's look and this one's start.</summary>
    private async Task<Landed?> AlreadyThere(Slice slice, StoredSlice? kept, Instant? notBefore)
    {
        if (failed.Find(slice.Key, Now) is { } failure)
        {
            return new Landed(null, failure, 0);
        }

        var found = await cache.FindAsync(slice.Key, CancellationToken.None);
        return IsNews(slice, found, kept, notBefore) ? new Landed(found, null, 0) : null;
    }

    private async Task<Landed> FlyAloneAsync(
        Slice slice, StoredSlice? kept, Instant? notBefore, GenesysAsker asker, CancellationToken abandoned)
    {
        var until = Now + Duration.FromTimeSpan(options.Value.TotalTimeout);
        var held = await locks.TryTakeAsync(slice.Key.Text, abandoned);
        while (held is null && Now < until)
        {
            await Task.Delay(BetweenLooks, clock, abandoned);
            if (await LandedElsewhereAsync(slice, kept, notBefore, abandoned) is { } landed)
            {
                return landed;
            }

            held = await locks.TryTakeAsync(slice.Key.Text, abandoned);
        }

        await using var releasing = held;
        return await LandedElsewhereAsync(slice, kept, notBefore, abandoned) ?? await FetchAsync(slice, kept, notBefore, asker, abandoned);
    }

    private async Task<Landed?> LandedElsewhereAsync(Slice slice, StoredSlice? kept, Instant? notBefore, CancellationToken abandoned)
    {
        if (await locks.FailureOfAsync(slice.Key.Text, abandoned) is { } failure)
        {
            return new Landed(null, failure, 0);
        }

        var shared = await cache.FindSharedAsync(slice.Key, slice.Needed, abandoned);
        return IsNews(slice, shared, kept, notBefore) ? new Landed(shared, null, 0) : null;
    }

    private async Task<Landed> FetchAsync(Slice slice, StoredSlice? kept, Instant? notBefore, GenesysAsker asker, CancellationToken abandoned)
    {
        var there = await cache.FindAsync(slice.Key, abandoned);
        var lacking = there is not null && IsFresh(slice, there, notBefore) ? slice.Needed.Without(there.Asked) : QueueSet.None;
        var only = lacking.Ids.Length is > 0 and <= SliceScopes.MostIds ? lacking : null;
        var outcome = await fetcher.FetchAsync(slice, only, asker, abandoned);
        if (outcome.Failure is { } failure)
        {
            failed.Remember(slice.Key, failure, Now);
            await locks.MarkFailedAsync(slice.Key.Text, failure, FailedSlices.RememberedFor(failure).ToTimeSpan());
            return new Landed(null, failure, outcome.Calls);
        }

        failed.Forget(slice.Key);
        var fetched = new StoredSlice(outcome.Facts!, outcome.FetchedAt, [.. outcome.Refused]) { Asked = outcome.Asked };
        if (only is null)
        {
            drift.Tell(slice, kept, fetched);
        }
        else
        {
            fetched = there!.With(fetched);
        }

        known.Saw(fetched);
        if (fetched.Asked.Ids.Length <= known.Ids.Ids.Length + MostNamed)
        {
            var isExact = slice.Grain is null;
            await cache.KeepAsync(slice.Key, fetched, (isExact ? SliceFreshness.ExactKept : SliceFreshness.Kept).ToTimeSpan(), memoryOnly: isExact);
        }

        return new Landed(fetched, null, outcome.Calls);
    }

    private static bool Lacks(Slice slice, StoredSlice found) => !slice.Needed.Without(found.Asked).Ids.IsEmpty;

    private bool IsNews(Slice slice, StoredSlice? found, StoredSlice? kept, Instant? notBefore) =>
        found is not null
        && !Lacks(slice, found)
        && (kept is null || found.FetchedAt > kept.FetchedAt || Lacks(slice, kept))
        && IsFresh(slice, found, notBefore);

    private bool IsFresh(Slice slice, StoredSlice found, Instant? notBefore) =>
        !(found.FetchedAt < notBefore) && Now < SliceFreshness.DueAt(slice, found, Duration.FromHours(options.Value.SettleHours));

    private static partial class Log
    {
        [LoggerMessage(4005, LogLevel.Error, "A slice of {Group} metrics, {From} to {To}, could not be refreshed ahead")]
        public static partial void RefreshFailed(ILogger logger, string group, Instant from, Instant to, Exception exception);
    }
}
