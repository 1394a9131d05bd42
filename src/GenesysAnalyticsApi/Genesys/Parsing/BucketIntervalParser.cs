using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Maps an interval of the reply to a requested bucket. Genesys counts buckets from the start of the requested interval, and can return a shorter last bucket.
/// Any other interval that was not requested makes the reply unreadable, because its values would be assigned to the wrong bucket.
/// </summary>
internal sealed class BucketIntervalParser(ImmutableArray<Instant> edges)
{
    private readonly Utf8StringTable _seen = new();
    private readonly List<int> _buckets = [];

    public int BucketOf(ref Utf8JsonReader json)
    {
        var number = _seen.NumberOf(ref json);
        if (number == _buckets.Count)
        {
            _buckets.Add(FindBucket(_seen[number]));
        }

        return _buckets[number];
    }

    private int FindBucket(string interval)
    {
        var slash = interval.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || InstantOf(interval[..slash]) is not { } start || InstantOf(interval[(slash + 1)..]) is not { } end)
        {
            throw GenesysFailureFactory.ForeignBucket($"the bucket '{Shown(interval)}' is not an interval");
        }

        var bucket = edges.BinarySearch(start);
        var last = edges.Length - 2;
        if (bucket < 0 || bucket > last || !(end == edges[bucket + 1] || (bucket == last && end > start && end < edges[^1])))
        {
            throw GenesysFailureFactory.ForeignBucket($"its bucket '{Shown(interval)}' was not requested");
        }

        return bucket;
    }

    // Accepts an offset or Z, with or without fractions of a second.
    private static Instant? InstantOf(string text) =>
        OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var time } ? time.ToInstant() : null;

    private static string Shown(string interval) => new([.. interval.Take(80).Where(character => !char.IsControl(character))]);
}
