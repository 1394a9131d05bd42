using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// The last resort for a slice if not even one bucket of one queue fits into a reply: an asynchronous query for the whole interval of the slice, because a
/// query for each bucket would take as many minutes as there are buckets. Remembers for a while which slices need asynchronous queries, and that Genesys does
/// not offer such queries if a reply has shown this.
/// </summary>
internal sealed class AsyncQueryFetch(IGenesysGateway gateway, MetricGroupRequests metrics, IOptions<GenesysOptions> options, TimeProvider clock)
{
    /// <summary>How long a slice is remembered as too large. After that, the service tries synchronous requests again, at the cost of a few requests.</summary>
    public static readonly TimeSpan NeedLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the service sends no asynchronous query after a reply has shown that Genesys does not offer such queries to this OAuth client.
    /// </summary>
    public static readonly TimeSpan UnavailableLifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long the service waits after a failed asynchronous query before it starts another one for the slice.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private const int MaxEntries = 10_000;

    private readonly ConcurrentDictionary<SliceKey, DateTimeOffset> _needed = new();
    private long _unavailableUntilTicks;

    /// <summary>
    /// The time limit of the fetch, measured from the start of the asynchronous query: the limit of the query plus the limit of its last Genesys request.
    /// </summary>
    public TimeSpan TimeLimit => options.Value.AsyncQueryTimeout + options.Value.TotalTimeout;

    private bool IsUnavailable => clock.GetUtcNow().Ticks < Volatile.Read(ref _unavailableUntilTicks);

    /// <summary>Whether requests for the slice recently failed at every size, and the slice can be fetched asynchronously.</summary>
    public bool ShouldTryFirst(SliceKey slice) =>
        !_needed.IsEmpty && _needed.TryGetValue(slice, out var until) && clock.GetUtcNow() < until && ReasonAgainst(slice) is null;

    /// <summary>Records that requests for the slice failed at every size.</summary>
    public void RecordNeed(SliceKey slice)
    {
        if (_needed.Count >= MaxEntries)
        {
            // Removing entries costs a few requests for each slice, but does not change results.
            _needed.Clear();
        }

        _needed[slice] = clock.GetUtcNow() + NeedLifetime;
    }

    /// <summary>
    /// Why the slice cannot be fetched asynchronously, as a sentence. Empty if asynchronous queries are turned off or a recent reply showed that Genesys does
    /// not offer them; null if the slice can be fetched asynchronously.
    /// </summary>
    public string? ReasonAgainst(SliceKey slice)
    {
        if (!options.Value.AsyncQueries || IsUnavailable)
        {
            return "";
        }

        var latest = Instant.FromDateTimeOffset(clock.GetUtcNow()) - Duration.FromTimeSpan(options.Value.AsyncQueryLag);
        return slice.Edges[^1] <= latest
            ? null
            : $" An asynchronous query could miss figures of the last {options.Value.AsyncQueryLag.TotalHours:0.#} h (Genesys:AsyncQueryLag), so none was sent.";
    }

    /// <returns>Null if Genesys does not offer asynchronous queries to this OAuth client.</returns>
    /// <exception cref="GenesysException">
    /// The failure, with a <c>RetryAfter</c> of <see cref="PauseAfterFailure"/> unless Genesys requested another pause.
    /// </exception>
    public async Task<ImmutableArray<FetchedPart>?> FetchAsync(
        Slice slice, IReadOnlyList<ImmutableArray<string>> idLists, FetchContext fetch, CancellationToken cancellationToken)
    {
        try
        {
            var parts = ImmutableArray.CreateBuilder<FetchedPart>();

            // The queries run one after the other, because Genesys limits how many of them run at the same time.
            foreach (var ids in idLists)
            {
                parts.Add(await FetchAsync(slice, ids, fetch, cancellationToken));
            }

            return parts.ToImmutable();
        }
        catch (GenesysException e) when (IsNotOffered(e.Failure))
        {
            Volatile.Write(ref _unavailableUntilTicks, (clock.GetUtcNow() + UnavailableLifetime).Ticks);
            return null;
        }
        catch (GenesysException e)
        {
            throw new GenesysException(e.Failure with { RetryAfter = e.Failure.RetryAfter ?? PauseAfterFailure }, e.Calls, e);
        }
    }

    private async Task<FetchedPart> FetchAsync(Slice slice, ImmutableArray<string> ids, FetchContext fetch, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(slice, slice.Key.Edges);
        }
        catch (GenesysException e) when (SliceRequestSplitter.HasMismatchedDays(slice, slice.Key.Edges, e))
        {
            var inHours = SliceRequestSplitter.InHours(slice, slice.Key.Edges);
            return await SendAsync(inHours, inHours.Key.Edges);
        }

        // If Genesys rejects the submission because of a metric, the metrics are divided and submitted again, as in synchronous requests, until the rejected
        // metrics are found. Each rejected submission costs one Genesys request. Each part of the metrics that Genesys accepts runs as a separate query, and
        // its facts become part of the result.
        Task<FetchedPart> SendAsync(Slice part, ImmutableArray<Instant> edges) => metrics.SendAsync(
            part, edges, fetch.Origin.Calls, supported => fetch.SendAsync(SliceRequestSplitter.RequestOf(part, edges, supported, ids), gateway.RunAsynchronousQueryAsync, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Whether the endpoint does not exist, or the OAuth client lacks the permission for it. Only a submission fails with these kinds: after a rejected poll,
    /// the kind is another one (<see cref="AsyncQueryFailures.AfterSubmission"/>), because the rejection concerns one query.
    /// </summary>
    private static bool IsNotOffered(GenesysFailure failure) => failure
        is { Kind: GenesysFailureKind.Forbidden }
        or { Kind: GenesysFailureKind.Rejected, Status: 404 or 405 }
        or { Kind: GenesysFailureKind.Unavailable, Status: 501 };
}
