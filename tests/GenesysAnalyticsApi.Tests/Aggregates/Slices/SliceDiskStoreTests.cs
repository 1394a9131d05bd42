using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Slices;

/// <summary>Slices of jobs on disk.</summary>
public sealed class SliceDiskStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spill-").FullName;
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_slice_is_found_as_it_was_stored() => SliceBuilder.Any.Sample(
        slice =>
        {
            using var spill = Spill();
            spill.Store(SliceBuilder.Key, slice);

            var found = spill.Find(SliceBuilder.Key).ShouldNotBeNull();

            SliceBuilder.TextOf(found).ShouldBe(SliceBuilder.TextOf(slice));
            found.FetchedAt.ShouldBe(slice.FetchedAt);
        },
        iter: 100);

    [Fact]
    public void An_older_slice_does_not_replace_a_newer_one()
    {
        using var spill = Spill();
        var newer = SliceBuilder.With(2) with { FetchedAt = Instant.FromUtc(2026, 11, 23, 9, 0) };
        spill.Store(SliceBuilder.Key, newer);
        spill.Store(SliceBuilder.Key, newer with { FetchedAt = newer.FetchedAt - Duration.FromMinutes(1) });

        spill.Find(SliceBuilder.Key)!.FetchedAt.ShouldBe(newer.FetchedAt);
        spill.Find(SliceBuilder.Key with { Group = "other" }).ShouldBeNull();
    }

    [Fact]
    public void A_slice_that_was_completed_with_further_queues_replaces_the_incomplete_one()
    {
        using var spill = Spill();
        var incomplete = SliceBuilder.With(2) with { RequestedQueues = QueueSet.Of(["05f1c285-6777-4ccc-806f-8db085ae0793"]) };
        spill.Store(SliceBuilder.Key, incomplete);
        spill.Store(SliceBuilder.Key, incomplete with { RequestedQueues = QueueSet.Of(["05f1c285-6777-4ccc-806f-8db085ae0793", "1a4b1f9e-3c5d-4f6a-8b7c-9d0e1f2a3b4c"]) });

        spill.Find(SliceBuilder.Key)!.RequestedQueues.Ids.Length.ShouldBe(2);
    }

    [Fact]
    public void The_space_on_disk_is_bounded_and_the_newest_slices_stay()
    {
        using var spill = Spill(maxBytes: 8_000);
        for (var number = 0; number < 200; number++)
        {
            spill.Store(SliceBuilder.Key with { Group = $"{number}" }, SliceBuilder.With(number));
        }

        spill.Size.ShouldBeInRange(4_000, 8_000);
        spill.Find(SliceBuilder.Key with { Group = "0" }).ShouldBeNull();
        spill.Find(SliceBuilder.Key with { Group = "199" }).ShouldNotBeNull();
    }

    [Fact]
    public void No_file_is_visible_and_none_remains()
    {
        using (var spill = Spill())
        {
            spill.Store(SliceBuilder.Key, SliceBuilder.With(1));
            spill.Size.ShouldBeGreaterThan(0);
            Directory.GetFiles(_folder).ShouldBeEmpty();
        }

        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_directory_nothing_is_stored_until_it_exists()
    {
        var missing = Path.Combine(_folder, "missing");
        using var spill = Spill(directory: missing);
        spill.Store(SliceBuilder.Key, SliceBuilder.With(1));
        spill.Find(SliceBuilder.Key).ShouldBeNull();

        Directory.CreateDirectory(missing);
        spill.Store(SliceBuilder.Key, SliceBuilder.With(1));
        spill.Find(SliceBuilder.Key).ShouldBeNull();
        _clock.Advance(TimeSpan.FromMinutes(11));
        spill.Store(SliceBuilder.Key, SliceBuilder.With(1));

        spill.Find(SliceBuilder.Key).ShouldNotBeNull();
    }

    [Fact]
    public void A_limit_of_zero_bytes_turns_the_store_off()
    {
        using var spill = Spill(maxBytes: 0);
        spill.Store(SliceBuilder.Key, SliceBuilder.With(1));

        spill.Find(SliceBuilder.Key).ShouldBeNull();
    }

    private SliceDiskStore Spill(long maxBytes = 1024 * 1024, string? directory = null) =>
        new(Options.Create(new CacheStorageOptions { MaxDiskBytes = maxBytes, Directory = directory ?? _folder }), _clock, NullLogger<SliceDiskStore>.Instance);
}
