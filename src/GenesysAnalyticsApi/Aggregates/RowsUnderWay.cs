using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Operations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The records of large answers, from before one is made until its caller has read it. Each takes memory for so long, and all of them
/// together may be as many as one answer may have: <c>Aggregates:MaxRows</c>, which the memory of the service was measured out for.
/// What does not fit waits, in turn, for as long as the question may take. Answers that are kept are small.
/// </summary>
internal sealed class RowsUnderWay(IOptions<AggregatesOptions> options, WorkMetrics metrics, TimeProvider clock) : IDisposable
{
    /// <summary>Twelve megabytes, and no more than a processor makes of it at once: not worth making anybody wait.</summary>
    internal const int Small = 10_000;

    /// <summary>Who reads more slowly than this is cut off: somebody who has gone to sleep would keep out others for a day.</summary>
    internal static readonly MinDataRate SlowestReader = new(bytesPerSecond: 10 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(10);

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
    public async Task TakeAsync(int rows, HttpContext http, Turn turn, long started)
    {
        if (rows <= Small)
        {
            return;
        }

        var room = Math.Min(rows, options.Value.MaxRows);
        var lease = _rows.AttemptAcquire(room);
        if (!lease.IsAcquired)
        {
            turn.StepAside();
            lease = await WaitAsync(room, options.Value.Timeout - clock.GetElapsedTime(started), http.RequestAborted);
        }

        http.Response.RegisterForDispose(lease);
        await turn.ReturnAsync(http.RequestAborted);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace)
        {
            pace.MinDataRate = SlowestReader;
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
            UntilNextTry));
    }
}
