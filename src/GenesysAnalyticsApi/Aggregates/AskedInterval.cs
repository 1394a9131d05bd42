using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>The interval a question means: half-open, never empty, never beyond now.</summary>
/// <param name="EndsNow">It was cut at now, or runs to now: the bucket that contains now belongs to it.</param>
internal readonly record struct AskedInterval(Instant From, Instant To, bool EndsNow)
{
    public const string DefaultLast = "PT24H";

    /// <summary>Genesys Cloud is younger than this; older zones changed their clocks a minute past midnight, which no grid fits.</summary>
    private static readonly Instant Earliest = Instant.FromUtc(2012, 1, 1, 0, 0);

    /// <summary>Reads the four ways of asking for an interval. Adds an error under the wire name of each parameter that is wrong.</summary>
    public static AskedInterval? Resolve(
        AggregatesParameters asked, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error)
    {
        if (!IsOneWay(asked, error))
        {
            return null;
        }

        var found = asked switch
        {
            { From: not null } => FromAndTo(asked.From, asked.To, zone, now, "from", "to", error),
            { Interval: not null } => StartAndEnd(asked.Interval, zone, now, error),
            { Period: not null } => CalendarPeriods.Resolve(asked.Period, zone, now, error),
            _ => Last(asked.Last ?? DefaultLast, zone, granularity, now, error),
        };
        if (found is not var (from, to))
        {
            return null;
        }

        var (first, end) = asked switch
        {
            { From: not null } => ("from", asked.To is null ? "from" : "to"),
            { Interval: not null } => ("interval", "interval"),
            { Period: not null } => ("period", "period"),
            _ => ("last", "last"),
        };
        var runsToNow = to == now && asked is { To: null, Interval: null };
        return Cut(from, to, now, first, end, error) is { } cut && IsAligned(cut, granularity, zone, first, end, error)
            ? cut with { EndsNow = cut.EndsNow && (runsToNow || !IsClosed(cut.To, to, granularity, zone)) }
            : null;
    }

    /// <summary>An end that was asked for, that has just passed and that closes a bucket leaves nothing open.</summary>
    private static bool IsClosed(Instant end, Instant asked, Granularity? granularity, DateTimeZone zone) =>
        end == asked && (granularity is null ? Snap(end, null, zone) : Boundaries.AtOrBefore(end, granularity, zone)) == end;

    private static bool IsOneWay(AggregatesParameters asked, Action<string, string> error)
    {
        var ways = new List<string>();
        foreach (var (name, value) in new[] { ("from", asked.From), ("interval", asked.Interval), ("last", asked.Last), ("period", asked.Period) })
        {
            if (value is not null)
            {
                ways.Add(name);
            }
        }

        if (asked.To is not null && asked.From is null)
        {
            error("to", $"'{asked.To}' has no start: 'to' needs 'from'.");
            return false;
        }

        foreach (var name in ways.Skip(1))
        {
            error(name, $"'{name}' cannot be combined with '{ways[0]}': give from and to, or interval, or last, or period.");
        }

        return ways.Count < 2;
    }

    private static (Instant, Instant)? FromAndTo(
        string fromText, string? toText, DateTimeZone zone, Instant now, string fromName, string toName, Action<string, string> error)
    {
        var from = InstantText.Parse(fromText, zone, message => error(fromName, message));
        var to = toText is null ? now : InstantText.Parse(toText, zone, message => error(toName, message));
        return from is { } start && to is { } end ? (start, end) : null;
    }

    private static (Instant, Instant)? StartAndEnd(string text, DateTimeZone zone, Instant now, Action<string, string> error)
    {
        if (text.Split('/') is [var start, var end])
        {
            return FromAndTo(start, end, zone, now, "interval", "interval", error);
        }

        error("interval", $"'{text}' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.");
        return null;
    }

    private static (Instant, Instant)? Last(
        string text, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error)
    {
        var parsed = PeriodPattern.Roundtrip.Parse(text);
        try
        {
            if (parsed.Success)
            {
                var local = now.InZone(zone);
                var start = parsed.Value.HasDateComponent
                    ? local.LocalDateTime.Minus(DateOnly(parsed.Value)).InZoneLeniently(zone).ToInstant()
                    : now;
                start -= TimeOnly(parsed.Value).ToDuration();
                if (start < now)
                {
                    return (start < Earliest ? start : Snap(start, granularity, zone), now);
                }
            }
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            // Falls through: a duration that leaves the calendar is as little use as one that cannot be read.
        }

        error("last", $"'{text}' is not a duration before now: write ISO-8601, for example PT24H, PT90M or P7D.");
        return null;
    }

    private static Period DateOnly(Period period) =>
        new PeriodBuilder { Years = period.Years, Months = period.Months, Weeks = period.Weeks, Days = period.Days }.Build();

    private static Period TimeOnly(Period period) => new PeriodBuilder(period) { Years = 0, Months = 0, Weeks = 0, Days = 0 }.Build();

    private static Instant Snap(Instant start, Granularity? granularity, DateTimeZone zone)
    {
        var five = Instant.FromUnixTimeSeconds(start.ToUnixTimeSeconds() / 300 * 300);
        return granularity is null ? five : Boundaries.AtOrBefore(start, granularity, zone);
    }

    private static AskedInterval? Cut(Instant from, Instant to, Instant now, string first, string end, Action<string, string> error)
    {
        if (from < Earliest)
        {
            error(first, $"{InstantText.Print(from)} is too long ago: the interval must start at {InstantText.Print(Earliest)} or later.");
            return null;
        }

        if (from >= now)
        {
            error(first, $"{InstantText.Print(from)} is not before now ({InstantText.Print(now)}).");
            return null;
        }

        if (to <= from)
        {
            error(end, $"{InstantText.Print(to)} is not after the start {InstantText.Print(from)}: intervals are half-open, [from, to).");
            return null;
        }

        var minute = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60);
        if (to < minute)
        {
            return new AskedInterval(from, to, EndsNow: false);
        }

        // An interval that only began in this minute ends with it, so that it is not empty.
        return new AskedInterval(from, from < minute ? minute : minute + Duration.FromMinutes(1), EndsNow: true);
    }

    private static bool IsAligned(
        AskedInterval asked, Granularity? granularity, DateTimeZone zone, string first, string end, Action<string, string> error)
    {
        if (granularity is null)
        {
            return true;
        }

        var startFits = Fits(asked.From, first);
        var endFits = asked.EndsNow || Fits(asked.To, end);
        return startFits && endFits;

        bool Fits(Instant instant, string name)
        {
            var before = Boundaries.AtOrBefore(instant, granularity, zone);
            if (before == instant)
            {
                return true;
            }

            error(name, $"{InstantText.Print(instant)} is not on a {granularity} boundary in {zone.Id}: the nearest are "
                + $"{InstantText.Print(before)} and {InstantText.Print(Boundaries.After(instant, granularity, zone))}.");
            return false;
        }
    }
}
