using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Operations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The records of large answers, from when one is made until its caller has read it. Each takes memory for so long, and all of them
/// together may be as many as one answer may have: <c>Aggregates:MaxRows</c>, which the memory of the service was measured out for.
/// Answers that are kept are small.
/// </summary>
internal sealed class RowsUnderWay(IOptions<AggregatesOptions> options, WorkMetrics metrics)
{
    /// <summary>Twelve megabytes, and no more than a processor makes of it at once: not worth turning anybody away.</summary>
    internal const int Small = 10_000;

    /// <summary>Who reads more slowly than this is cut off: somebody who has gone to sleep would keep out others for a day.</summary>
    internal static readonly MinDataRate SlowestReader = new(bytesPerSecond: 10 * 1024, gracePeriod: TimeSpan.FromSeconds(30));

    // Large answers take seconds to be read.
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Until the request is over. Alone, any answer is let through: what one may have is limited before it is made.</summary>
    /// <exception cref="ProblemException">503: with those under way it would be more than the memory is meant for.</exception>
    public void Add(int rows, HttpContext http)
    {
        if (rows <= Small)
        {
            return;
        }

        lock (_gate)
        {
            if (_count > 0 && _count + rows > options.Value.MaxRows)
            {
                metrics.Refused("rows");
                throw new ProblemException(Problems.Overloaded(
                    $"This answer has {rows} rows, and large ones with {_count} are under way; there may be {options.Value.MaxRows} together (Aggregates:MaxRows).",
                    UntilNextTry));
            }

            _count += rows;
        }

        http.Response.OnCompleted(() =>
        {
            Interlocked.Add(ref _count, -rows);
            return Task.CompletedTask;
        });
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace)
        {
            pace.MinDataRate = SlowestReader;
        }
    }
}
