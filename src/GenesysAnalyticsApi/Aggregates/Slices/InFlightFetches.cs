using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>Tracks the fetches of this process, at most two per slice at the same time, and finds a fetch that is new enough for a query.</summary>
internal sealed class InFlightFetches
{
    private const int MaxPerSlice = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<SliceKey, List<SharedFetch>> _fetches = [];

    public IReadOnlyList<SharedFetch> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _fetches.Values.SelectMany(fetches => fetches)];
            }
        }
    }

    public bool CanJoin(SliceDemand demand)
    {
        lock (_gate)
        {
            return _fetches.TryGetValue(demand.Slice.Key, out var fetches) && fetches.Exists(fetch => demand.Accepts(fetch.StartedAt) && !fetch.HasEnded);
        }
    }

    /// <summary>Joins a fetch that is new enough, or starts a fetch. Does neither if two fetches are running that both started too early.</summary>
    public JoinResult JoinOrStart(SliceDemand demand, Func<SharedFetch> start)
    {
        lock (_gate)
        {
            ref var fetches = ref CollectionsMarshal.GetValueRefOrAddDefault(_fetches, demand.Slice.Key, out _);
            fetches ??= [];
            if (fetches.Find(fetch => demand.Accepts(fetch.StartedAt) && fetch.TryJoin()) is { } joined)
            {
                return new(joined, IsOwn: false, []);
            }

            var running = fetches.Where(fetch => !fetch.HasEnded).ToList();
            if (running.Count >= MaxPerSlice)
            {
                return new(null, IsOwn: false, [.. running.Select(fetch => fetch.Completion)]);
            }

            var started = start();
            fetches.Add(started);
            return new(started, IsOwn: true, []);
        }
    }

    public void Remove(SliceKey key, SharedFetch fetch)
    {
        lock (_gate)
        {
            if (_fetches.TryGetValue(key, out var fetches) && fetches.Remove(fetch) && fetches.Count == 0)
            {
                _fetches.Remove(key);
            }
        }
    }
}

/// <param name="Fetch">Null if the query must first wait until one of the fetches in <paramref name="Running"/> has completed.</param>
/// <param name="IsOwn">Whether the fetch was started for this query.</param>
internal readonly record struct JoinResult(SharedFetch? Fetch, bool IsOwn, IReadOnlyList<Task> Running);

/// <summary>The result of a fetch: a slice, or the failure that all waiting queries share.</summary>
internal sealed record FetchResult(CachedSlice? Slice, GenesysFailure? Failure, int Calls);

/// <summary>A fetch in progress for which several queries can wait. It is canceled when the last query stops waiting, or when the service stops.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token sources have no timer and no handle, and a query can still cancel them when the fetch ends.")]
internal sealed class SharedFetch
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _awaited = new();
    private int _waitingQueries = 1;
    private bool _hasEnded;

    /// <summary>Starts the fetch. The query that starts the fetch is counted as waiting and must call <see cref="Leave"/>.</summary>
    public SharedFetch(Instant startedAt, Func<SharedFetch, Task<FetchResult>> fetch)
    {
        StartedAt = startedAt;
        Completion = Task.Run(() => fetch(this));
    }

    public Instant StartedAt { get; }

    public Task<FetchResult> Completion { get; }

    /// <summary>The span of the fetch.</summary>
    public Activity? Trace { get; set; }

    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Canceled as soon as a query that is not background work waits for the fetch. See <see cref="RequestOrigin.Awaited"/>.</summary>
    public CancellationToken Awaited => _awaited.Token;

    /// <summary>Whether the fetch has completed or was canceled, so no query can join it.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _hasEnded;
            }
        }
    }

    /// <summary>Counts another query as waiting. Returns false if the fetch has ended.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            _waitingQueries += _hasEnded ? 0 : 1;
            return !_hasEnded;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_waitingQueries > 0 || _hasEnded)
            {
                return;
            }

            _hasEnded = true;
        }

        _abandoned.Cancel();
    }

    /// <summary>Raises the priority of the fetch's Genesys requests to that of a query, unless the origin is background work.</summary>
    public void PromoteFor(RequestOrigin origin)
    {
        if (!origin.IsBackground)
        {
            _awaited.Cancel();
        }
    }

    /// <summary>Cancels the fetch because the service is stopping, even if queries are waiting for it.</summary>
    public void Cancel()
    {
        End();
        _abandoned.Cancel();
    }

    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
        }
    }
}

/// <summary>
/// Creates spans: one for each wait of a query for a slice, as a child of the request's span, and one for each fetch, as a child of the wait that started
/// the fetch. The span of a wait has a link to the span of the fetch.
/// </summary>
internal static class SliceTracing
{
    public const string SourceName = "GenesysAnalyticsApi.Aggregates";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span for the time that a query waits for a slice.</summary>
    public static Activity? StartWait(Slice slice) => Start("slice", slice);

    /// <summary>Starts the span of a fetch, which all queries waiting for the slice share.</summary>
    public static Activity? StartFetch(Slice slice) => Start("slice flight", slice);

    public static void LinkTo(this Activity? waiting, Activity? fetch)
    {
        if (waiting is not null && fetch is not null)
        {
            waiting.AddLink(new ActivityLink(fetch.Context));
        }
    }

    public static void SetOutcome(this Activity? activity, string outcome) => activity?.SetTag("slice.outcome", outcome);

    private static Activity? Start(string name, Slice slice) => Source.HasListeners()
        ? Source.StartActivity(
            name,
            ActivityKind.Internal,
            default(ActivityContext),
            [
                new("slice.group", slice.Key.Group),
                new("slice.from", InstantFormat.Print(slice.Key.From)),
                new("slice.to", InstantFormat.Print(slice.Key.To)),
                new("slice.granularity", slice.RequestedGranularity?.Iso),
            ])
        : null;
}
