using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Limits the total rows of large responses that are being built or sent, because large responses take memory until the caller has read them. The limit is
/// the same as for one response, <c>Aggregates:MaxRows</c>, for which the memory of the service is sized. A response that does not fit waits, in order of
/// arrival, until the timeout of its query. Cached responses are small and not limited.
/// </summary>
internal sealed class LargeResponseLimiter(IOptions<AggregatesOptions> options, WorkTelemetry metrics, TimeProvider clock) : IDisposable
{
    /// <summary>Responses of up to this many rows, about 12 MB, need no limit, because each processor builds at most one at a time.</summary>
    internal const int MaxUnlimitedRows = 10_000;

    /// <summary>Callers that read more slowly are disconnected. Otherwise, a stalled caller could block other callers for a day.</summary>
    internal static readonly MinDataRate MinReadRate = new(bytesPerSecond: 10 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _rows = new(new()
    {
        PermitLimit = options.Value.MaxRows,

        // Many equal queries can arrive together. Most of these queries find the response in the cache later, so they wait instead of being rejected
        // immediately.
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public long Count => options.Value.MaxRows - (_rows.GetStatistics()?.CurrentAvailablePermits ?? 0);

    public long Waiting => _rows.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Reserves rows for a response until its request ends. An estimate above the limit reserves all rows.</summary>
    /// <param name="startTimestamp">The timestamp at which the request arrived. <c>Aggregates:Timeout</c> is measured from this time.</param>
    /// <exception cref="ProblemException">503: too few rows were released in time.</exception>
    public async Task AcquireAsync(int rows, HttpContext http, WorkSlot slot, long startTimestamp)
    {
        if (rows <= MaxUnlimitedRows)
        {
            return;
        }

        var permits = Math.Min(rows, options.Value.MaxRows);
        var lease = _rows.AttemptAcquire(permits);
        if (!lease.IsAcquired)
        {
            slot.Release();
            lease = await WaitAsync(rows, permits, options.Value.Timeout - clock.GetElapsedTime(startTimestamp), http.RequestAborted);
        }

        http.Response.RegisterForDispose(lease);
        await slot.ReacquireAsync(http.RequestAborted);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } feature)
        {
            feature.MinDataRate = MinReadRate;
        }
    }

    public void Dispose() => _rows.Dispose();

    private async Task<RateLimitLease> WaitAsync(int rows, int permits, TimeSpan timeLimit, CancellationToken disconnected)
    {
        using var timeout = new CancellationTokenSource(timeLimit > TimeSpan.Zero ? timeLimit : TimeSpan.Zero, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(disconnected, timeout.Token);
        try
        {
            // If the queue is full, the limiter returns a lease that is not acquired.
            var lease = await _rows.AcquireAsync(permits, linked.Token);
            return lease.IsAcquired ? lease : throw Refusal(rows);
        }
        catch (OperationCanceledException) when (!disconnected.IsCancellationRequested)
        {
            throw Refusal(rows);
        }
    }

    private ProblemException Refusal(int rows)
    {
        metrics.Refused("rows");
        return new(ProblemFactory.Overloaded(
            $"This response has about {rows} rows, and large responses with {Count} rows are in progress; together, they may have at most {options.Value.MaxRows} (Aggregates:MaxRows).",
            RetryAfter));
    }
}

/// <summary>Estimates the size of a response from its slices, before the response is built.</summary>
internal static class ResponseSize
{
    /// <summary>
    /// Estimates the number of rows (queue × media type × bucket, split as the slices are) before any merging, because all these rows are in memory.
    /// </summary>
    public static int EstimateRows(LoadedQuery loaded)
    {
        var (query, selection, plan, read, names) = loaded;
        var facts = read.Values.Select(outcome => outcome.Facts).OfType<AggregateFacts>().ToList();

        // Without zero filling, every row has a cell in at least one column, and the longest column has a cell for nearly every row.
        var cells = facts.Sum(part => part.Columns.Select(column => (long)column.Cells.Length).DefaultIfEmpty().Max());
        if (!query.FillZero && cells <= LargeResponseLimiter.MaxUnlimitedRows)
        {
            return (int)cells;
        }

        var scope = new FoldScope(query, selection, names);
        var series = facts.SelectMany(part => part.Series).Distinct().Where(scope.Includes).ToList();
        var rows = (series.Count + SeriesWithoutData(query, selection, series)) * (long)plan.BucketCount;
        return (int)Math.Min(query.FillZero ? rows : Math.Min(rows, cells), int.MaxValue);
    }

    /// <summary>The series that <c>fill=zero</c> adds: the selected queues × media types × message types, without those that have data.</summary>
    private static int SeriesWithoutData(AggregatesQuery query, ResolvedQueues selection, IReadOnlyCollection<FactSeries> series)
    {
        if (!query.FillZero || selection.All)
        {
            return 0;
        }

        var perQueue = Math.Max(1, query.MediaTypes.Length) * Math.Max(1, query.MessageTypes.Length);
        var withData = series.GroupBy(one => one.QueueId, StringComparer.Ordinal).ToDictionary(queue => queue.Key, queue => queue.Count(), StringComparer.Ordinal);
        return selection.QueueIds.Sum(id => Math.Max(0, perQueue - withData.GetValueOrDefault(id)));
    }
}
