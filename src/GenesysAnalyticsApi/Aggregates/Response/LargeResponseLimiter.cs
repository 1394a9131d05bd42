using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// The records of large answers, from before one is made until its caller has read it. Each takes memory for so long, and all of them
/// together may be as many as one answer may have: <c>Aggregates:MaxRows</c>, which the memory of the service was measured out for.
/// What does not fit waits, in turn, for as long as the question may take. Answers that are kept are small.
/// </summary>
internal sealed class LargeResponseLimiter(IOptions<AggregatesOptions> options, WorkTelemetry metrics, TimeProvider clock) : IDisposable
{
    /// <summary>Twelve megabytes, and no more than a processor makes of it at once: not worth making anybody wait.</summary>
    internal const int Small = 10_000;

    /// <summary>Who reads more slowly than this is cut off: somebody who has gone to sleep would keep out others for a day.</summary>
    internal static readonly MinDataRate MinReadRate = new(bytesPerSecond: 10 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _rows = new(new()
    {
        PermitLimit = options.Value.MaxRows,

        // A crowd that asks the same waits for the same slices, and most of it finds the answer made: nobody is to be sent away at once.
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public long Count => options.Value.MaxRows - (_rows.GetStatistics()?.CurrentAvailablePermits ?? 0);

    public long Waiting => _rows.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Takes room for an answer until its request is over. Alone, any answer is let through: what one may have is limited before.</summary>
    /// <param name="started">When the question came: <c>Aggregates:Timeout</c> counts from there.</param>
    /// <exception cref="ProblemException">503: there was no room for it in time.</exception>
    public async Task AcquireAsync(int rows, HttpContext http, WorkSlot turn, long started)
    {
        if (rows <= Small)
        {
            return;
        }

        var room = Math.Min(rows, options.Value.MaxRows);
        var lease = _rows.AttemptAcquire(room);
        if (!lease.IsAcquired)
        {
            turn.Release();
            lease = await WaitAsync(room, options.Value.Timeout - clock.GetElapsedTime(started), http.RequestAborted);
        }

        http.Response.RegisterForDispose(lease);
        await turn.ReacquireAsync(http.RequestAborted);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace)
        {
            pace.MinDataRate = MinReadRate;
        }
    }

    public void Dispose() => _rows.Dispose();

    private async Task<RateLimitLease> WaitAsync(int room, TimeSpan patience, CancellationToken left)
    {
        using var late = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(left, late.Token);
        try
        {
            // Not acquired: more wait than can be counted.
            var lease = await _rows.AcquireAsync(room, either.Token);
            return lease.IsAcquired ? lease : throw Refusal(room);
        }
        catch (OperationCanceledException) when (!left.IsCancellationRequested)
        {
            throw Refusal(room);
        }
    }

    private ProblemException Refusal(int room)
    {
        metrics.Refused("rows");
        return new(Problems.Overloaded(
            $"This answer has about {room} rows, and large ones with {Count} are under way; there may be {options.Value.MaxRows} together (Aggregates:MaxRows).",
            RetryAfter));
    }
}

/// <summary>How large an answer becomes, when its slices are there and before it is made of them.</summary>
internal static class ResponseSize
{
    /// <summary>About how many finest rows, queue × media type × bucket: they are held even where they are merged afterwards.</summary>
    public static int EstimateRows(LoadedQuery question)
    {
        var (query, selection, plan, read, names) = question;
        var facts = read.Values.Select(outcome => outcome.Facts).OfType<AggregateFacts>().ToList();

        // Without filling, each row has a cell of its own somewhere; the fullest column misses few of them.
        var cells = facts.Sum(part => part.Columns.Select(column => (long)column.Cells.Length).DefaultIfEmpty().Max());
        if (!query.FillZero && cells <= LargeResponseLimiter.Small)
        {
            return (int)cells;
        }

        var scope = new FoldScope(selection, query.MediaTypes, query.GroupBy, names);
        var series = facts.SelectMany(part => part.Series).Distinct().Count(scope.Includes);
        var silent = query.FillZero && !selection.All ? selection.QueueIds.Length * Math.Max(1, query.MediaTypes.Length) : 0;
        var rows = (series + silent) * (plan.Edges.Length - 1L);
        return (int)Math.Min(query.FillZero ? rows : Math.Min(rows, cells), int.MaxValue);
    }
}
