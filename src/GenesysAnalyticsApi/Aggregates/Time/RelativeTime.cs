using System.Globalization;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>
/// Reads times relative to now in the syntax of Grafana: <c>now</c>, then any number of steps. <c>-24h</c> and <c>+1d</c> move the time; <c>/d</c>
/// rounds the time: down to the start of the unit or, for the end of an interval, up to the start of the next unit. Days and longer units follow the
/// calendar of the time zone; weeks start on Monday.
/// </summary>
internal static class RelativeTime
{
    public const string Units = "smhdwMQy";

    private const string Now = "now";

    /// <summary>Whether the text is a relative time, valid or not.</summary>
    public static bool Is(string text) => text.AsSpan().Trim().StartsWith(Now, StringComparison.Ordinal);

    /// <summary>Splits start/end at the slash between them. A slash within a relative time, as in <c>now/d</c>, does not split.</summary>
    public static IReadOnlyList<string> Split(string interval)
    {
        var parts = new List<string>();
        foreach (var piece in interval.Split('/'))
        {
            if (parts is [.., var last] && Is(last) && piece is [_] or [_, '+' or '-' or ' ', ..] && Units.Contains(piece[0], StringComparison.Ordinal))
            {
                parts[^1] = $"{last}/{piece}";
            }
            else
            {
                parts.Add(piece);
            }
        }

        return parts;
    }

    /// <param name="isEnd">Whether the time is the end of an interval. The slash then rounds up: <c>now/d</c> is the end of the day.</param>
    /// <param name="range">A sentence with the accepted range, if the caller of this method accepts fewer times, for the error.</param>
    public static Instant? Parse(string text, DateTimeZone zone, Instant now, bool isEnd, Action<string> error, string? range = null)
    {
        try
        {
            // An unencoded plus sign arrives as a space.
            if (Steps(text.Trim()[Now.Length..].Replace(' ', '+'), zone, now, isEnd) is { } found)
            {
                return found;
            }
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            error($"'{InputExcerpt.Of(UnencodedPlus.Restore(text))}' is out of range. {range ?? $"Use a time in {InstantFormat.Years}."}");
            return null;
        }

        error($"'{InputExcerpt.Of(UnencodedPlus.Restore(text))}' is not a time relative to now: write now, now-24h, now/d or now-7d/d, with the units s, m, h, d, w, M, Q and y.");
        return null;
    }

    private static Instant? Steps(ReadOnlySpan<char> rest, DateTimeZone zone, Instant time, bool isEnd)
    {
        while (rest is [var operation, .. var operand])
        {
            var digits = operand.Length - operand.TrimStart("0123456789").Length;
            if (digits == operand.Length || !Units.Contains(operand[digits], StringComparison.Ordinal))
            {
                return null;
            }

            var number = digits == 0 ? 1 : int.Parse(operand[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            switch (operation)
            {
                case '+' or '-':
                    time = Move(time, operation == '-' ? -number : number, operand[digits], zone);
                    break;
                case '/' when digits == 0:
                    time = Round(time, operand[digits], zone, isEnd);
                    break;
                default:
                    return null;
            }

            rest = operand[(digits + 1)..];
        }

        return time;
    }

    private static Instant Move(Instant time, int number, char unit, DateTimeZone zone)
    {
        return unit switch
        {
            's' => time + Duration.FromSeconds(number),
            'm' => time + Duration.FromMinutes(number),
            'h' => time + Duration.FromHours(number),
            'd' => ByCalendar(Period.FromDays(number)),
            'w' => ByCalendar(Period.FromWeeks(number)),
            'M' => ByCalendar(Period.FromMonths(number)),
            'Q' => ByCalendar(Period.FromMonths(checked(number * 3))),
            _ => ByCalendar(Period.FromYears(number)),
        };

        Instant ByCalendar(Period period) => time.InZone(zone).LocalDateTime.Plus(period).InZoneLeniently(zone).ToInstant();
    }

    private static Instant Round(Instant time, char unit, DateTimeZone zone, bool isUp)
    {
        return unit switch
        {
            's' => ToSeconds(1),
            'm' => ToSeconds(60),
            'h' => ToBucket("PT1H"),
            'd' => ToBucket("P1D"),
            'w' => ToBucket("P1W"),
            'M' => ToBucket("P1M"),
            'Q' => ToMonths(3),
            _ => ToMonths(12),
        };

        Instant ToSeconds(long seconds)
        {
            var start = Instant.FromUnixTimeSeconds((long)Math.Floor((double)time.ToUnixTimeSeconds() / seconds) * seconds);
            return isUp ? start + Duration.FromSeconds(seconds) : start;
        }

        Instant ToBucket(string size) => isUp
            ? BucketBoundaries.After(time, Granularity.Find(size)!, zone)
            : BucketBoundaries.AtOrBefore(time, Granularity.Find(size)!, zone);

        Instant ToMonths(int months)
        {
            var date = time.InZone(zone).Date;
            var start = new LocalDate(date.Year, date.Month - ((date.Month - 1) % months), 1);
            return BucketBoundaries.StartOf(isUp ? start.PlusMonths(months) : start, zone);
        }
    }
}
