using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The resolved interval of a query: half-open, never empty, and starting in the past.</summary>
/// <param name="EndsNow">
/// Whether the interval ends now. <paramref name="To"/> is then a whole minute, usually the start of the current one, and queries with a granularity also include
/// the bucket that contains the current time.
/// </param>
internal readonly record struct QueryInterval(Instant From, Instant To, bool EndsNow)
{
    public const string DefaultLast = "PT24H";

    /// <summary>
    /// Genesys Cloud did not exist before this date. In earlier years, some zones changed their clocks at one minute past midnight, an instant that is not on
    /// any grid.
    /// </summary>
    public static readonly Instant Earliest = Instant.FromUtc(2012, 1, 1, 0, 0);

    private static readonly (string Name, string Parameters)[] Ways = [("from", "from and to"), ("interval", "interval"), ("last", "last"), ("period", "period")];

    /// <summary>Resolves the four ways to specify an interval. Reports an error under the wire name of each invalid parameter.</summary>
    /// <param name="accepted">The parameters that the caller can use; errors suggest only these. Null for all parameters.</param>
    public static QueryInterval? Resolve(
        AggregatesParameters parameters, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error, IReadOnlyList<string>? accepted = null)
    {
        // Every other time has at most milliseconds, and errors show the current time.
        now = InstantFormat.Truncate(now);
        var isSingle = IsSingle(parameters, accepted ?? AggregatesParameters.Names, error);
        var found = SourcesOf(parameters).Select(source => Read(source, parameters, zone, granularity, now, error)).ToList();
        if (!isSingle || found is not [var (from, to)])
        {
            return null;
        }

        var startName = SourcesOf(parameters)[0];
        var endName = startName == "from" && parameters.To is not null ? "to" : startName;
        return Clip(from, to, parameters, granularity, zone, now, startName, endName, error) is { } clipped
            && IsAligned(clipped, parameters, granularity, zone, startName, endName, error) ? clipped : null;
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

    /// <summary>The value of a parameter as the caller sent it, for an error.</summary>
    private static string Given(AggregatesParameters parameters, string name) => InputExcerpt.Of(UnencodedPlus.Restore(name switch
    {
        "from" => parameters.From,
        "to" => parameters.To,
        "interval" => parameters.Interval,
        "period" => parameters.Period,
        _ => parameters.Last,
    } ?? DefaultLast));

    private static (Instant From, Instant To)? Read(
        string source, AggregatesParameters parameters, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error) =>
        source switch
        {
            "from" => FromAndTo(parameters.From!, parameters.To, zone, granularity, now, "from", "to", error),
            "interval" => StartAndEnd(parameters.Interval!, zone, granularity, now, error),
            "period" => NamedPeriods.Resolve(parameters.Period!, zone, now, error),
            _ => Last(parameters.Last ?? DefaultLast, zone, granularity, now, error),
        };

    private static bool IsSingle(AggregatesParameters parameters, IReadOnlyList<string> accepted, Action<string, string> error)
    {
        if (parameters.To is not null && parameters.From is null)
        {
            error("to", $"'{InputExcerpt.Of(parameters.To)}' has no start: 'to' needs 'from'.");
            return false;
        }

        var sources = SourcesOf(parameters);
        foreach (var name in sources.Skip(1))
        {
            error(name, $"'{name}' cannot be combined with '{sources[0]}': give {string.Join(", or ", Ways.Where(way => accepted.Contains(way.Name)).Select(way => way.Parameters))}.");
        }

        return sources.Count < 2;
    }

    private static (Instant, Instant)? FromAndTo(
        string fromText, string? toText, DateTimeZone zone, Granularity? granularity, Instant now, string fromName, string toName, Action<string, string> error)
    {
        var from = Read(fromText, isEnd: false, zone, granularity, now, message => error(fromName, message));
        var to = toText is null ? now : Read(toText, isEnd: true, zone, granularity, now, message => error(toName, message));
        return from is { } start && to is { } end ? (start, end) : null;
    }

    /// <summary>
    /// Parses the start or the end. A caller cannot align relative times with buckets, nor epoch times if there is a granularity. Such times are rounded
    /// outward, so the interval contains all data that was requested. The start of <c>last</c> is rounded down for the same reason.
    /// </summary>
    private static Instant? Read(string text, bool isEnd, DateTimeZone zone, Granularity? granularity, Instant now, Action<string> error)
    {
        var isRelative = RelativeTime.Is(text);
        var range = isEnd ? null : $"The interval must start from {InstantFormat.Print(Earliest)} to now ({InstantFormat.Print(now)}).";
        var parsed = isRelative ? RelativeTime.Parse(text, zone, now, isEnd, error, range) : InstantFormat.Parse(text, zone, error, "a time relative to now (now-24h, now/d)", range);

        // Dashboards send the edges of a chart as epoch times.
        var isRounded = isRelative || (granularity is not null && InstantFormat.IsEpoch(text));
        return parsed is not { } instant || !isRounded || instant < Earliest || instant >= now ? parsed
            : isEnd ? RoundUp(instant, granularity, zone)
            : RoundDown(instant, granularity, zone);
    }

    private static (Instant, Instant)? StartAndEnd(string text, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error)
    {
        if (RelativeTime.Split(text) is [var start, var end])
        {
            return FromAndTo(start, end, zone, granularity, now, "interval", "interval", error);
        }

        error("interval", $"'{InputExcerpt.Of(text)}' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.");
        return null;
    }

    private static (Instant, Instant)? Last(
        string text, DateTimeZone zone, Granularity? granularity, Instant now, Action<string, string> error)
    {
        try
        {
            if (DurationParser.AsPeriod(text) is { } length)
            {
                var local = now.InZone(zone);
                var start = length.HasDateComponent
                    ? local.LocalDateTime.Minus(DateOnly(length)).InZoneLeniently(zone).ToInstant()
                    : now;
                start -= TimeOnly(length).ToDuration();
                if (start < now)
                {
                    return (start < Earliest ? start : RoundDown(start, granularity, zone), now);
                }
            }
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            error("last", $"'{InputExcerpt.Of(text)}' is out of range: the interval must start at {InstantFormat.Print(Earliest)} or later.");
            return null;
        }

        error("last", DurationParser.DurationMessage(text));
        return null;
    }

    private static Period DateOnly(Period period) =>
        new PeriodBuilder { Years = period.Years, Months = period.Months, Weeks = period.Weeks, Days = period.Days }.Build();

    private static Period TimeOnly(Period period) => new PeriodBuilder(period) { Years = 0, Months = 0, Weeks = 0, Days = 0 }.Build();

    private static Instant RoundDown(Instant start, Granularity? granularity, DateTimeZone zone)
    {
        var fiveMinuteStart = Instant.FromUnixTimeSeconds(start.ToUnixTimeSeconds() / 300 * 300);
        return granularity is null ? fiveMinuteStart : BucketBoundaries.AtOrBefore(start, granularity, zone);
    }

    private static Instant RoundUp(Instant end, Granularity? granularity, DateTimeZone zone) =>
        RoundDown(end, granularity, zone) is var start && start == end ? end
        : granularity is null ? start + Duration.FromMinutes(5)
        : BucketBoundaries.After(end, granularity, zone);

    private static QueryInterval? Clip(
        Instant from, Instant to, AggregatesParameters parameters, Granularity? granularity, DateTimeZone zone, Instant now, string startName, string endName,
        Action<string, string> error)
    {
        if (from < Earliest)
        {
            error(startName, $"'{Given(parameters, startName)}' starts at {InstantFormat.PrintSeconds(from)}, which is too long ago: '{startName}' must start at {InstantFormat.Print(Earliest)} or later.");
            return null;
        }

        if (from >= now)
        {
            error(startName, $"'{Given(parameters, startName)}' starts at {InstantFormat.Print(from)}, which is not before now ({InstantFormat.Print(now)}): '{startName}' must start in the past.");
            return null;
        }

        if (to <= from)
        {
            error(endName, $"'{Given(parameters, endName)}' ends at {InstantFormat.Print(to)}, which is not after the start {InstantFormat.Print(from)}: intervals are half-open, [from, to).");
            return null;
        }

        var minute = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60);
        // An interval that ends at the start of the current minute is complete if a bucket can end there: "yesterday" does not extend into the first
        // minute of today.
        var isOver = to == minute && to < now && (granularity is null || BucketBoundaries.AtOrBefore(to, granularity, zone) == to);
        if (to < minute || isOver)
        {
            return new QueryInterval(from, to, EndsNow: false);
        }

        // An interval that starts within the current minute extends to the end of that minute. Otherwise, the interval would be empty.
        return new QueryInterval(from, from < minute ? minute : minute + Duration.FromMinutes(1), EndsNow: true);
    }

    private static bool IsAligned(
        QueryInterval interval, AggregatesParameters parameters, Granularity? granularity, DateTimeZone zone, string startName, string endName, Action<string, string> error)
    {
        if (granularity is null)
        {
            return true;
        }

        if (parameters.Period is { } period)
        {
            return NamedPeriods.IsAligned(period, interval, granularity, zone, error);
        }

        var startFits = Fits(interval.From, startName, "starts");
        var endFits = interval.EndsNow || Fits(interval.To, endName, "ends");
        return startFits && endFits;

        bool Fits(Instant instant, string name, string verb)
        {
            var before = BucketBoundaries.AtOrBefore(instant, granularity, zone);
            if (before == instant)
            {
                return true;
            }

            error(name, $"'{Given(parameters, name)}' {verb} at {InstantFormat.Print(instant)}, which is not on a boundary of 'granularity' {granularity} in {zone.Name}: the nearest are "
                + $"{InstantFormat.Print(before)} and {InstantFormat.Print(BucketBoundaries.After(instant, granularity, zone))}.");
            return false;
        }
    }
}
