using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Fetching;

public sealed class TooLargeRequestCacheTests
{
    private const int MaxEntries = 10_000;

    private readonly FakeTimeProvider _clock = new();
    private readonly TooLargeRequestCache _cache;

    // These tests send no requests.
    public TooLargeRequestCacheTests() => _cache = new TooLargeRequestCache(null!, _clock);

    /// <summary>Callers choose thresholds and intervals, so there is no end of kinds.</summary>
    [Fact]
    public void Kinds_for_which_nothing_fits_are_removed_when_there_are_too_many()
    {
        Record(0, MaxEntries);
        _cache.IsSmallestKnownTooLarge(Slice(0)).ShouldBeTrue();

        Record(MaxEntries, 1);

        _cache.IsSmallestKnownTooLarge(Slice(0)).ShouldBeFalse();
        _cache.IsSmallestKnownTooLarge(Slice(MaxEntries)).ShouldBeTrue();
    }

    [Fact]
    public void Expired_kinds_are_removed_before_recent_ones()
    {
        Record(0, MaxEntries - 1);
        _clock.Advance(TooLargeRequestCache.Lifetime);
        Record(MaxEntries, 2);

        _cache.IsSmallestKnownTooLarge(Slice(0)).ShouldBeFalse();
        _cache.IsSmallestKnownTooLarge(Slice(MaxEntries)).ShouldBeTrue();
        _cache.IsSmallestKnownTooLarge(Slice(MaxEntries + 1)).ShouldBeTrue();
    }

    private void Record(int first, int count)
    {
        for (var kind = first; kind < first + count; kind++)
        {
            _cache.RecordSmallestTooLarge(Slice(kind));
        }
    }

    /// <summary>A slice with a kind of its own.</summary>
    private static SliceKey Slice(int kind) => new(Instant.FromUtc(2026, 11, 1, 0, 0), Duration.FromHours(1), 24, $"answered-within-{kind}", null);
}
