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
/// Reads a large response segment by segment, in chronological order. Each segment is folded, written and dropped before the next one is read, so that
/// memory does not grow with the response. The figures equal those of a response that is read as a whole.
/// </summary>
internal sealed class SegmentReader(AggregatesService service, SliceReader reader, IOptions<AggregatesOptions> options)
{
    /// <summary>Larger segments would not be faster, because one segment of a large organization already uses all concurrent requests.</summary>
    private const int MaxRows = 25_000;

    /// <summary>
    /// The maximum number of rows in a segment, unless one slice has more. At most half of <c>Aggregates:StreamRows</c>, because two segments can be in memory.
    /// </summary>
    public int Rows { get; } = Math.Clamp(options.Value.StreamRows / 2, 1, MaxRows);

    /// <summary>
    /// Returns one result per segment. Its metadata covers all segments so far. The slot is released before a result is returned. Each segment has the
    /// deadline of a query, and all share one call budget.
    /// </summary>
    /// <param name="deadline">Applies until the first segment has been read.</param>
    /// <exception cref="ProblemException">Too many queries wait for Genesys.</exception>
    /// <exception cref="GenesysException">Genesys failed, and a partial response is impossible or denied by the caller.</exception>
    public async IAsyncEnumerable<AggregatesResult> ReadAsync(PlannedQuery planned, RequestDeadline deadline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = await ReadIntervalAsync(planned, deadline);
        foreach (var segment in PlanSegments.Of(planned.Plan, (int)Math.Max(1, Rows / planned.RowsPerBucket)))
        {
            var result = before.Notes is null
                ? await ReadSegmentAsync(planned, segment, before, deadline, cancellationToken)
                : await ReadLaterSegmentAsync(planned, segment, before, cancellationToken);
            before = before with { Read = result.Slices, Notes = result.Notes, Rows = result.Meta.Rows.Returned };
            planned.Slot.Release();
            yield return result;
        }
    }

    private async Task<AggregatesResult> ReadLaterSegmentAsync(PlannedQuery planned, SlicePlan segment, EarlierSegments before, CancellationToken cancellationToken)
    {
        using var deadline = service.NewDeadline(cancellationToken);
        return await ReadSegmentAsync(planned, segment, before, deadline, cancellationToken);
    }

    // Not part of the iterator, which would keep the facts in memory while the result is written.
    private async Task<AggregatesResult> ReadSegmentAsync(
        PlannedQuery planned, SlicePlan segment, EarlierSegments before, RequestDeadline deadline, CancellationToken cancellationToken)
    {
        var (query, selection, _, queueNames, context) = planned;
        var (plan, read) = await reader.ReadAsync(segment, selection, Task.CompletedTask, context, deadline);

        // The first segment is checked alone: nothing has been sent yet, so if all of it fails, the response can have an error status.
        PartialResultPolicy.Check(before.Notes is null ? read.Values : before.Read.Concat(read.Values), query.DenyPartial);
        await planned.Slot.ReacquireAsync(cancellationToken);
        var result = service.BuildResult(new LoadedQuery(query, selection, plan, read, await queueNames) { Groups = before.Groups, DimensionNames = await planned.PendingDimensionNames }, before);
        return result with { Slices = [.. result.Slices.Select(outcome => outcome.WithoutFacts())] };
    }

    /// <summary>
    /// Reads the whole interval as one bucket if a segment depends on the others, which determine whether Genesys reports answers for a queue's callbacks
    /// and which records a filled grid has. The result must be complete, because no record would show what it lacks.
    /// </summary>
    private async Task<EarlierSegments> ReadIntervalAsync(PlannedQuery planned, RequestDeadline deadline)
    {
        var (query, selection, plan, queueNames, context) = planned;
        if (!query.FillZero && !query.MediaTypes.IsEmpty && !query.MediaTypes.Contains(MediaTypes.Callback))
        {
            await queueNames;
            return new EarlierSegments([], null, 0);
        }

        ImmutableArray<ScopedQueues> scopes = [.. plan.Slices.Select(slice => new ScopedQueues(slice.Key.Scope, slice.Needed) { IsOfAll = slice.IsOfAll }).DistinctBy(scope => scope.Scope)];
        var (interval, read) = await reader.ReadAsync(SlicePlanner.PlanAsOneBucket(query, scopes), selection, queueNames, context, deadline);
        PartialResultPolicy.Check(read.Values, denyPartial: true);
        var scope = new FoldScope(query, selection, await queueNames);
        return new EarlierSegments([.. read.Values.Select(outcome => outcome.WithoutFacts())], null, 0) { Groups = IntervalGroups.Of(interval, read, scope) };
    }
}

/// <summary>The data that is kept from segments that have already been read.</summary>
/// <param name="Read">The outcomes of their slices, without facts.</param>
/// <param name="Notes">Null before the first segment.</param>
/// <param name="Rows">The number of their records.</param>
internal sealed record EarlierSegments(IReadOnlyList<SliceResult> Read, FigureNotes? Notes, int Rows)
{
    /// <summary>The groups of the whole interval; null if the figures of a segment do not depend on them.</summary>
    public IntervalGroups? Groups { get; init; }
}
