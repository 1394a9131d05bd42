using GenesysSimulator.Wire;
using NodaTime;
using NodaTime.Text;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// The half-open buckets of an interval. Days, weeks, months and years follow the calendar of the time zone; shorter buckets have a fixed length. Times are in
/// milliseconds since 1970.
/// </summary>
internal sealed class Buckets
{
    private const int MaxCount = 1_000_000;

    private readonly long _step;
    private readonly long[] _edges;

    private Buckets(long start, long end, long step, long[] edges)
    {
        (Start, End, _step, _edges) = (start, end, step, edges);
        Count = edges.Length > 0 ? edges.Length - 1 : (int)((end - start) / step);
    }

    public long Start { get; }

    public long End { get; }

    public int Count { get; }

    public int Of(long at)
    {
        if (_edges.Length == 0)
        {
            return Count == 1 ? 0 : (int)((at - Start) / _step);
        }

        var index = Array.BinarySearch(_edges, at);
        return index >= 0 ? index : ~index - 1;
    }

    public (long Start, long End) this[int index] => _edges.Length == 0
        ? (Start + (index * _step), Start + ((index + 1) * _step))
        : (_edges[index], _edges[index + 1]);

    public static Buckets Of(long start, long end, string? granularity, DateTimeZone zone, int rowLimit)
    {
        if (granularity is null)
        {
            return new(start, end, end - start, []);
        }

        var parsed = PeriodPattern.Roundtrip.Parse(granularity);
        if (!parsed.Success || !granularity.StartsWith('P'))
        {
            throw ApiException.BadRequest($"granularity [{granularity}] is not an ISO-8601 period.");
        }

        try
        {
            return parsed.Value.HasTimeComponent
                ? OfFixedLength(start, end, parsed.Value, granularity, rowLimit)
                : OfCalendar(start, end, parsed.Value, granularity, zone, rowLimit);
        }
        catch (Exception failure) when (failure is OverflowException or ArgumentException)
        {
            throw ApiException.BadRequest($"granularity [{granularity}] exceeds the range of the calendar.");
        }
    }

    private static Buckets OfFixedLength(long start, long end, Period period, string granularity, int rowLimit)
    {
        var hasMonths = period.Years != 0 || period.Months != 0;
        var step = hasMonths ? 0 : (long)period.ToDuration().TotalMilliseconds;
        if (step < 60_000)
        {
            throw ApiException.BadRequest($"granularity [{granularity}] must be at least PT1M.");
        }

        if ((end - start) % step != 0)
        {
            throw ApiException.BadRequest($"granularity [{granularity}] does not divide the interval.");
        }

        return (end - start) / step > MaxCount ? throw ApiException.ResultTooLarge(rowLimit) : new(start, end, step, []);
    }

    private static Buckets OfCalendar(long start, long end, Period period, string granularity, DateTimeZone zone, int rowLimit)
    {
        var first = Instant.FromUnixTimeMilliseconds(start).InZone(zone).LocalDateTime;
        if (first + period <= first)
        {
            throw ApiException.BadRequest($"granularity [{granularity}] must be positive.");
        }

        // Each edge is computed from the first edge. Computed from the previous edge, edges on the 31st would move to the 28th after February.
        var edges = new List<long> { start };
        for (var step = 1; edges[^1] < end; step++)
        {
            if (step > MaxCount)
            {
                throw ApiException.ResultTooLarge(rowLimit);
            }

            var local = first + Times(period, step);
            edges.Add(Math.Min(end, local.InZoneLeniently(zone).ToInstant().ToUnixTimeMilliseconds()));
        }

        return new(start, end, 0, [.. edges]);
    }

    private static Period Times(Period period, int times) => new PeriodBuilder
    {
        Years = period.Years * times,
        Months = period.Months * times,
        Weeks = period.Weeks * times,
        Days = period.Days * times,
    }.Build();
}
