using GenesysAnalyticsApi.Errors;
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
        var isOneWay = IsOneWay(asked, error);
        var found = Ways(asked).Select(way => Read(way, asked, zone, granularity, now, error)).ToList();
        if (!isOneWay || found is not [var (from, to)])
        {
            return null;
        }

        var first = Ways(asked)[0];
        var end = first == "from" && asked.To is not null ? "to" : first;
        return Cut(from, to, granularity, zone, now, first, end, error) is { } cut && IsAligned(cut, granularity, zone, first, end, error) ? cut : null;
    }

    /// <summary>The parameters that say an interval, <c>last</c> when there is none.</summary>
    private static List<string> Ways(AggregatesParameters asked)
    {
        List<string> ways =
        [
            .. asked.From is null ? Array.Empty<string>() : ["from"],
            .. asked.Interval is null ? Array.Empty<string>() : ["interval"],
            .. asked.Last is null ? Array.Empty<string>() : ["last"],
            .. asked.Period is null ? Array.Empty<string>() : ["period"],
        ];
        return ways is [] ? ["last"] : ways;
    }

    private static (Instant From, Instant To)? Read(
        string way, AggregatesParameters asked, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error) =>
        way switch
        {
            "from" => FromAndTo(asked.From!, asked.To, zone, now, "from", "to", error),
            "interval" => StartAndEnd(asked.Interval!, zone, now, error),
            "period" => CalendarPeriods.Resolve(asked.Period!, zone, now, error),
            _ => Last(asked.Last ?? DefaultLast, zone, granularity, now, error),
        };

    private static bool IsOneWay(AggregatesParameters asked, Action<string, string> error)
    {
        if (asked.To is not null && asked.From is null)
        {
            error("to", $"'{Excerpt.Of(asked.To)}' has no start: 'to' needs 'from'.");
            return false;
        }

        var ways = Ways(asked);
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

        error("interval", $"'{Excerpt.Of(text)}' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.");
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

        // What is ISO-8601 already has another fault.
        var meant = parsed.Success ? null : WrittenLength.AsDuration(text);
        var hint = meant is null ? "" : $" Did you mean '{meant}'?";
        error("last", $"'{Excerpt.Of(text)}' is not a duration before now: write ISO-8601, for example PT24H, PT90M or P7D.{hint}");
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

    private static AskedInterval? Cut(
        Instant from, Instant to, Granularity? granularity, DateTimeZone zone, Instant now, string first, string end, Action<string, string> error)
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
        // What ends where this minute began has ended, wherever a bucket can end there: yesterday does not run on into today's first minute.
        var isOver = to == minute && to < now && (granularity is null || Boundaries.AtOrBefore(to, granularity, zone) == to);
        if (to < minute || isOver)
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
