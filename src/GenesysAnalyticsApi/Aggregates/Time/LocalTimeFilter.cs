using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>
/// The local hours and weekdays that a query includes. If a range of hours spans midnight, its part after midnight belongs to the new day.
/// </summary>
/// <param name="Hours">Sorted; empty for all hours.</param>
/// <param name="Weekdays">Sorted; empty for every day.</param>
internal sealed record LocalTimeFilter(ImmutableArray<LocalHours> Hours, ImmutableArray<IsoDayOfWeek> Weekdays)
{
    private readonly ImmutableArray<(int From, int To)> _parts = Hours.IsEmpty ? [(0, 24 * 60)] : [.. Hours.SelectMany(hours => hours.Parts).Where(part => part.From < part.To).Order()];

    /// <summary>The coarsest granularity whose grid contains the start and the end of every range of hours.</summary>
    public FetchGranularity Grain => new[] { FetchGranularity.Hour, FetchGranularity.HalfHour, FetchGranularity.QuarterHour, FetchGranularity.FiveMinutes }
        .First(grain => _parts.All(part => part.From % (int)grain == 0 && part.To % (int)grain == 0));

    /// <summary>The hours in the notation of the <c>hours</c> parameter; null for all hours.</summary>
    public string? PrintHours => Hours.IsEmpty ? null : string.Join(',', Hours);

    /// <summary>The weekdays in the notation of the <c>weekdays</c> parameter; null for every day.</summary>
    public string? PrintWeekdays => Weekdays.IsEmpty ? null : string.Join(',', Weekdays.Select(Time.Weekdays.Print));

    /// <summary>
    /// The parts of [from, to) that the filter includes, in order, with adjacent parts joined. The filter applies to local time: if an hour occurs twice,
    /// both occurrences are included, and an hour that a clock change skips contributes nothing.
    /// </summary>
    public IReadOnlyList<(Instant From, Instant To)> IncludedIntervals(Instant from, Instant to, DateTimeZone zone)
    {
        var runs = new List<(Instant From, Instant To)>();
        for (var start = from; start < to;)
        {
            var zoneInterval = zone.GetZoneInterval(start);
            var end = zoneInterval.HasEnd ? Instant.Min(zoneInterval.End, to) : to;
            AddRuns(runs, start, end, zoneInterval.WallOffset);
            start = end;
        }

        return runs;
    }

    /// <summary>Adds the included parts of a span without clock changes, and joins adjacent parts.</summary>
    private void AddRuns(List<(Instant From, Instant To)> runs, Instant from, Instant to, Offset offset)
    {
        var last = to.WithOffset(offset).Date;
        for (var date = from.WithOffset(offset).Date; date <= last; date = date.PlusDays(1))
        {
            if (!Weekdays.IsEmpty && !Weekdays.Contains(date.DayOfWeek))
            {
                continue;
            }

            var midnight = date.AtMidnight().WithOffset(offset).ToInstant();
            foreach (var part in _parts)
            {
                var (start, end) = (Instant.Max(from, midnight + Duration.FromMinutes(part.From)), Instant.Min(to, midnight + Duration.FromMinutes(part.To)));
                if (start >= end)
                {
                    continue;
                }

                if (runs is [.., var before] && before.To >= start)
                {
                    runs[^1] = (before.From, Instant.Max(before.To, end));
                }
                else
                {
                    runs.Add((start, end));
                }
            }
        }
    }
}
