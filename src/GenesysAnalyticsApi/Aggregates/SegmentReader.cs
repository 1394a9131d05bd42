using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Reads a large response segment by segment, in chronological order. Each segment is folded and written before the next segment is read. At most
/// two segments are in memory, so memory does not grow with the response. The figures equal those of a response that is read as a whole.
/// </summary>
internal sealed class SegmentReader(AggregatesService service, SliceReader reader, IOptions<AggregatesOptions> options)
{
    /// <summary>Larger segments would not be faster, because one segment of a large organization already uses all concurrent Genesys requests.</summary>
    private const int MaxRows = 25_000;

    /// <summary>
    /// The maximum number of estimated rows in a segment; a segment that cannot be divided can have more. The maximum is at most half of
    /// <c>Aggregates:StreamRows</c>, because two segments can be in memory.
    /// </summary>
    public int Rows { get; } = Math.Clamp(options.Value.StreamRows / 2, 1, MaxRows);

    /// <summary>
    /// Returns one result per segment. The metadata of a result covers all segments so far. The slot is released before a result is returned. Each segment has
    /// the time limit of a query, but all segments share the call budget of one query.
    /// </summary>
    /// <param name="deadline">The deadline that applies until the first segment has been read.</param>
    /// <exception cref="ProblemException">Too many queries wait for Genesys.</exception>
    /// <exception cref="GenesysException">Genesys failed, and a partial response is impossible or denied by the caller.</exception>
    public async IAsyncEnumerable<AggregatesResult> ReadAsync(PlannedQuery planned, RequestDeadline deadline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var earlierSegments = await ReadIntervalAsync(planned, deadline);
        foreach (var segment in PlanSegments.Of(planned.Plan, (int)Math.Max(1, Rows / planned.RowsPerBucket)))
        {
            var result = earlierSegments.Notes is null
                ? await ReadSegmentAsync(planned, segment, earlierSegments, deadline, cancellationToken)
                : await ReadLaterSegmentAsync(planned, segment, earlierSegments, cancellationToken);
            earlierSegments = earlierSegments with { Read = result.Slices, Notes = result.Notes, Rows = result.Meta.Rows.Returned };
            planned.Slot.Release();
            yield return result;
        }
    }

    private async Task<AggregatesResult> ReadLaterSegmentAsync(PlannedQuery planned, SlicePlan segment, EarlierSegments earlierSegments, CancellationToken cancellationToken)
    {
        using var deadline = service.NewDeadline(cancellationToken);
        return await ReadSegmentAsync(planned, segment, earlierSegments, deadline, cancellationToken);
    }

    // Not part of the iterator, which would keep the facts in memory while the result is written.
    private async Task<AggregatesResult> ReadSegmentAsync(
        PlannedQuery planned, SlicePlan segment, EarlierSegments earlierSegments, RequestDeadline deadline, CancellationToken cancellationToken)
    {
        var (query, selection, _, queueNames, context) = planned;
        var (plan, read) = await reader.ReadAsync(segment, selection, Task.CompletedTask, context, deadline);

        // The first segment is checked alone: nothing has been sent yet, so if the whole segment fails, the response can have an error status.
        PartialResultPolicy.Check(earlierSegments.Notes is null ? read.Values : earlierSegments.Read.Concat(read.Values), query.DenyPartial);
        await planned.Slot.ReacquireAsync(cancellationToken);
        var result = service.BuildResult(new LoadedQuery(query, selection, plan, read, await queueNames) { Groups = earlierSegments.Groups, DimensionNames = await planned.PendingDimensionNames }, earlierSegments);
        return result with { Slices = [.. result.Slices.Select(outcome => outcome.WithoutFacts())] };
    }

    /// <summary>
    /// Reads the whole interval as one bucket if the records of a segment depend on the whole interval, which determines whether Genesys reports answers for a
    /// queue's callbacks and which records a filled grid contains. This data must be complete, because no record would show that a part of it is missing.
    /// </summary>
    private async Task<EarlierSegments> ReadIntervalAsync(PlannedQuery planned, RequestDeadline deadline)
    {
        var (query, selection, plan, queueNames, context) = planned;
        if (!query.FillZero && !query.MediaTypes.IsEmpty && !query.MediaTypes.Contains(MediaTypes.Callback))
        {
            await queueNames;
            return new EarlierSegments([], null, 0);
        }

        ImmutableArray<ScopedQueues> scopes = [.. plan.Slices.Select(slice => new ScopedQueues(slice.Key.Scope, slice.NeededQueues) { CoversAllQueues = slice.CoversAllQueues }).DistinctBy(scope => scope.Scope)];
        var (interval, read) = await reader.ReadAsync(SlicePlanner.PlanAsOneBucket(query, scopes), selection, queueNames, context, deadline);
        PartialResultPolicy.Check(read.Values, denyPartial: true);
        var scope = new FoldScope(query, selection, await queueNames);
        return new EarlierSegments([.. read.Values.Select(outcome => outcome.WithoutFacts())], null, 0) { Groups = IntervalGroups.Of(interval, read, scope) };
    }
}

/// <summary>The data that is kept from segments that have already been read.</summary>
/// <param name="Read">The results of the slices read so far, without facts.</param>
/// <param name="Notes">Null before the first segment.</param>
/// <param name="Rows">The number of records in these segments.</param>
internal sealed record EarlierSegments(IReadOnlyList<SliceResult> Read, FigureNotes? Notes, int Rows)
{
    /// <summary>The groups of the whole interval; null if the records of a segment do not depend on them.</summary>
    public IntervalGroups? Groups { get; init; }
}
