using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The resolved interval of a query: half-open, never empty and never in the future.</summary>
/// <param name="EndsNow">The interval ends at the current time and includes the bucket that contains it.</param>
internal readonly record struct QueryInterval(Instant From, Instant To, bool EndsNow)
{
    public const string DefaultLast = "PT24H";

    /// <summary>
    /// Genesys Cloud did not exist before this date. In earlier years some zones changed their clocks at one minute past midnight, which does not
    /// align with any grid.
    /// </summary>
    public static readonly Instant Earliest = Instant.FromUtc(2012, 1, 1, 0, 0);

    /// <summary>Resolves the four ways to specify an interval. Reports an error under the wire name of each invalid parameter.</summary>
    public static QueryInterval? Resolve(
        AggregatesParameters parameters, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error)
    {
        var isSingle = IsSingle(parameters, error);
        var found = SourcesOf(parameters).Select(source => Read(source, parameters, zone, granularity, now, error)).ToList();
        if (!isSingle || found is not [var (from, to)])
        {
            return null;
        }

        var first = SourcesOf(parameters)[0];
        var end = first == "from" && parameters.To is not null ? "to" : first;
        return Cut(from, to, granularity, zone, now, first, end, error) is { } cut && IsAligned(cut, granularity, zone, first, end, error) ? cut : null;
    }

    /// <summary>The parameters that specify the interval; <c>last</c> if there are none.</summary>
    private static List<string> SourcesOf(AggregatesParameters parameters)
    {
        List<string> sources =
        [
            .. parameters.From is null ? Array.Empty<string>() : ["from"],
            .. parameters.Interval is null ? Array.Empty<string>() : ["interval"],
            .. parameters.Last is null ? Array.Empty<string>() : ["last"],
            .. parameters.Period is null ? Array.Empty<string>() : ["period"],
        ];
        return sources is [] ? ["last"] : sources;
    }

    private static (Instant From, Instant To)? Read(
        string source, AggregatesParameters parameters, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error) =>
        source switch
        {
            "from" => FromAndTo(parameters.From!, parameters.To, zone, now, "from", "to", error),
            "interval" => StartAndEnd(parameters.Interval!, zone, now, error),
            "period" => CalendarPeriods.Resolve(parameters.Period!, zone, now, error),
            _ => Last(parameters.Last ?? DefaultLast, zone, granularity, now, error),
        };

    private static bool IsSingle(AggregatesParameters parameters, Action<string, string> error)
    {
        if (parameters.To is not null && parameters.From is null)
        {
            error("to", $"'{InputExcerpt.Of(parameters.To)}' has no start: 'to' needs 'from'.");
            return false;
        }

        var sources = SourcesOf(parameters);
        foreach (var name in sources.Skip(1))
        {
            error(name, $"'{name}' cannot be combined with '{sources[0]}': give from and to, or interval, or last, or period.");
        }

        return sources.Count < 2;
    }

    private static (Instant, Instant)? FromAndTo(
        string fromText, string? toText, DateTimeZone zone, Instant now, string fromName, string toName, Action<string, string> error)
    {
        var from = InstantFormat.Parse(fromText, zone, message => error(fromName, message));
        var to = toText is null ? now : InstantFormat.Parse(toText, zone, message => error(toName, message));
        return from is { } start && to is { } end ? (start, end) : null;
    }

    private static (Instant, Instant)? StartAndEnd(string text, DateTimeZone zone, Instant now, Action<string, string> error)
    {
        if (text.Split('/') is [var start, var end])
        {
            return FromAndTo(start, end, zone, now, "interval", "interval", error);
        }

        error("interval", $"'{InputExcerpt.Of(text)}' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.");
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
            // A duration that exceeds the calendar is reported like one that cannot be parsed.
        }

        // The text is valid ISO-8601, so a hint about its format would not help.
        var meant = parsed.Success ? null : DurationHints.AsDuration(text);
        var hint = meant is null ? "" : $" Did you mean '{meant}'?";
        error("last", $"'{InputExcerpt.Of(text)}' is not a valid duration: use ISO-8601, for example PT24H, PT90M or P7D.{hint}");
        return null;
    }

    private static Period DateOnly(Period period) =>
        new PeriodBuilder { Years = period.Years, Months = period.Months, Weeks = period.Weeks, Days = period.Days }.Build();

    private static Period TimeOnly(Period period) => new PeriodBuilder(period) { Years = 0, Months = 0, Weeks = 0, Days = 0 }.Build();

    private static Instant Snap(Instant start, Granularity? granularity, DateTimeZone zone)
    {
        var five = Instant.FromUnixTimeSeconds(start.ToUnixTimeSeconds() / 300 * 300);
        return granularity is null ? five : BucketBoundaries.AtOrBefore(start, granularity, zone);
    }

    private static QueryInterval? Cut(
        Instant from, Instant to, Granularity? granularity, DateTimeZone zone, Instant now, string first, string end, Action<string, string> error)
    {
        if (from < Earliest)
        {
            error(first, $"{InstantFormat.Print(from)} is too long ago: the interval must start at {InstantFormat.Print(Earliest)} or later.");
            return null;
        }

        if (from >= now)
        {
            error(first, $"{InstantFormat.Print(from)} is not before now ({InstantFormat.Print(now)}).");
            return null;
        }

        if (to <= from)
        {
            error(end, $"{InstantFormat.Print(to)} is not after the start {InstantFormat.Print(from)}: intervals are half-open, [from, to).");
            return null;
        }

        var minute = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60);
        // An interval that ends where this minute begins is complete if a bucket can end there: "yesterday" does not extend into the first minute of
        // today.
        var isOver = to == minute && to < now && (granularity is null || BucketBoundaries.AtOrBefore(to, granularity, zone) == to);
        if (to < minute || isOver)
        {
            return new QueryInterval(from, to, EndsNow: false);
        }

        // An interval that starts within this minute extends to its end, so that it is not empty.
        return new QueryInterval(from, from < minute ? minute : minute + Duration.FromMinutes(1), EndsNow: true);
    }

    private static bool IsAligned(
        QueryInterval interval, Granularity? granularity, DateTimeZone zone, string first, string end, Action<string, string> error)
    {
        if (granularity is null)
        {
            return true;
        }

        var startFits = Fits(interval.From, first);
        var endFits = interval.EndsNow || Fits(interval.To, end);
        return startFits && endFits;

        bool Fits(Instant instant, string name)
        {
            var before = BucketBoundaries.AtOrBefore(instant, granularity, zone);
            if (before == instant)
            {
                return true;
            }

            error(name, $"{InstantFormat.Print(instant)} is not on a {granularity} boundary in {zone.Id}: the nearest are "
                + $"{InstantFormat.Print(before)} and {InstantFormat.Print(BucketBoundaries.After(instant, granularity, zone))}.");
            return false;
        }
    }
}

/// <summary>The calendar periods that <c>period</c> accepts, in the requested time zone.</summary>
internal static class CalendarPeriods
{
    public static IReadOnlyList<string> Names { get; } =
        ["today", "yesterday", "this-week", "last-week", "this-month", "last-month", "last-7-days", "last-28-days"];

    // "Past week" has no synonym: it could mean the last calendar week or the last seven days.
    private static readonly Synonyms Words = new(
        ("today", "thisDay currentDay dayToDate"),
        ("yesterday", "previousDay prevDay"),
        ("this-week", "currentWeek weekToDate wtd"),
        ("last-week", "previousWeek prevWeek"),
        ("this-month", "currentMonth monthToDate mtd"),
        ("last-month", "previousMonth prevMonth"),
        ("last-7-days", "7days 7d last7d past7days past7d previous7days lastSevenDays"),
        ("last-28-days", "28days 28d last28d past28days past28d previous28days"));

    public static (Instant From, Instant To)? Resolve(string name, DateTimeZone zone, Instant now, Action<string, string> error)
    {
        var today = now.InZone(zone).Date;
        var monday = today.DayOfWeek == IsoDayOfWeek.Monday ? today : today.Previous(IsoDayOfWeek.Monday);
        var first = new LocalDate(today.Year, today.Month, 1);
        (LocalDate From, LocalDate? To)? dates = name switch
        {
            "today" => (today, null),
            "yesterday" => (today.PlusDays(-1), today),
            "this-week" => (monday, null),
            "last-week" => (monday.PlusWeeks(-1), monday),
            "this-month" => (first, null),
            "last-month" => (first.PlusMonths(-1), first),
            "last-7-days" => (today.PlusDays(-7), today),
            "last-28-days" => (today.PlusDays(-28), today),
            _ => null,
        };
        if (dates is not { } found)
        {
            error("period", DidYouMean.Message(name, "a period", Names, Words));
            return null;
        }

        return (BucketBoundaries.StartOf(found.From, zone), found.To is { } to ? BucketBoundaries.StartOf(to, zone) : now);
    }
}
