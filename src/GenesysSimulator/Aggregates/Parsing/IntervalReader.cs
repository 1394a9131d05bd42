using GenesysSimulator.Wire;
using NodaTime.Text;

namespace GenesysSimulator.Aggregates.Parsing;

/// <summary>Parses two instants separated by a slash. An instant without an offset is in UTC. Fractions of a millisecond are truncated.</summary>
internal static class IntervalReader
{
    public static (long Start, long End) Read(string interval)
    {
        var parts = interval.Split('/');
        if (parts.Length != 2)
        {
            throw ApiException.BadRequest($"interval [{interval}] must be two instants separated by a slash.");
        }

        var (start, end) = (ReadInstant(parts[0]), ReadInstant(parts[1]));
        return start < end ? (start, end) : throw ApiException.BadRequest($"interval [{interval}] must end after it starts.");
    }

    public static long ReadInstant(string text)
    {
        var withOffset = OffsetDateTimePattern.ExtendedIso.Parse(text);
        if (withOffset.Success)
        {
            return withOffset.Value.ToInstant().ToUnixTimeMilliseconds();
        }

        var local = LocalDateTimePattern.ExtendedIso.Parse(text);
        return local.Success
            ? local.Value.InUtc().ToInstant().ToUnixTimeMilliseconds()
            : throw new ApiException(
                400, "invalid.date", "Dates must be specified as ISO-8601 strings. For example: yyyy-MM-ddTHH:mm:ss.SSSZ");
    }
}
