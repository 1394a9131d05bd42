using CsCheck;
using GenesysAnalyticsApi.Observations.Stream;

namespace GenesysAnalyticsApi.Tests.Observations.Stream;

/// <summary>A row is a key with a value. Their ranges are small, so that rows are added, changed, removed and added again.</summary>
public sealed class RowHistoryTests
{
    private static readonly Gen<(int Key, int Value)[]> Rows =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 2]).Array[0, 6].Select(rows => rows.DistinctBy(row => row.Item1).Select(row => (row.Item1, row.Item2)).ToArray());

    [Fact]
    public void Changes_applied_to_a_snapshot_give_the_newest_rows_even_if_versions_were_skipped() =>
        Gen.Select(Rows.Array[1, 20], Gen.Bool.Array[20]).Sample((states, isRead) =>
        {
            var history = Start(states[0]);
            var (seen, version) = (states[0].ToDictionary(row => row.Key, row => row.Value), history.Version);
            foreach (var (rows, reads) in states.Skip(1).Zip(isRead))
            {
                history = Next(history, rows);
                if (reads)
                {
                    Apply(seen, history.Since(version).ShouldNotBeNull());
                    version = history.Version;
                    seen.ShouldBe(rows.ToDictionary(row => row.Key, row => row.Value), ignoreOrder: true);
                }
            }

            Apply(seen, history.Since(version).ShouldNotBeNull());
            seen.ShouldBe(states[^1].ToDictionary(row => row.Key, row => row.Value), ignoreOrder: true);
        });

    [Fact]
    public void Resuming_from_any_version_gives_the_same_rows_as_a_new_snapshot() =>
        Rows.Array[1, 12].Sample(states =>
        {
            var versions = new List<((int Key, int Value)[] Rows, long Version)>();
            RowHistory<int, (int Key, int Value)>? history = null;
            foreach (var rows in states)
            {
                history = history is null ? Start(rows) : Next(history, rows);
                versions.Add((rows, history.Version));
            }

            foreach (var (rows, version) in versions)
            {
                var seen = rows.ToDictionary(row => row.Key, row => row.Value);
                Apply(seen, history!.Since(version).ShouldNotBeNull());
                seen.ShouldBe(history.Rows.ToDictionary(row => row.Key, row => row.Value), ignoreOrder: true);
            }
        });

    [Fact]
    public void Only_rows_that_differ_are_changes() =>
        Gen.Select(Rows, Rows).Sample((before, after) =>
        {
            var first = Start(before);
            var next = Next(first, after);
            var changes = next.Since(first.Version).ShouldNotBeNull();

            changes.Changed.ShouldBe(after.Except(before));
            changes.Removed.ShouldBe(before.Select(row => row.Key).Except(after.Select(row => row.Key)), ignoreOrder: true);
            (next.Version == first.Version).ShouldBe(changes.IsEmpty);
        });

    [Fact]
    public void A_version_of_another_history_is_unknown()
    {
        var history = RowHistory<int, (int Key, int Value)>.Start([(1, 1)], row => row.Key, version: 5);

        history.Since(4).ShouldBeNull();
        history.Since(6).ShouldBeNull();
        history.Since(5).ShouldNotBeNull().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void After_very_many_removed_rows_an_old_version_is_unknown()
    {
        var history = Start([.. Enumerable.Range(0, RowHistory<int, (int Key, int Value)>.MaxRemoved + 1).Select(key => (key, 0))]);
        var emptied = Next(history, []);

        emptied.Since(history.Version).ShouldBeNull();
        emptied.Since(emptied.Version).ShouldNotBeNull().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Small_differences_that_add_up_become_a_change()
    {
        var history = Start([(1, 0)]);
        for (var value = 1; value <= 10; value++)
        {
            // Each value differs from the previous one by less than two.
            history = history.Next([(1, value)], row => row.Key, (known, row) => Math.Abs(known.Value - row.Value) < 2);
        }

        history.Rows.ShouldBe([(1, 10)]);
        history.Version.ShouldBe(6);
    }

    private static RowHistory<int, (int Key, int Value)> Start(IEnumerable<(int Key, int Value)> rows) => RowHistory<int, (int Key, int Value)>.Start(rows, row => row.Key);

    private static RowHistory<int, (int Key, int Value)> Next(RowHistory<int, (int Key, int Value)> history, IEnumerable<(int Key, int Value)> rows) =>
        history.Next(rows, row => row.Key, (known, row) => known == row);

    private static void Apply(Dictionary<int, int> rows, RowChanges<int, (int Key, int Value)> changes)
    {
        foreach (var (key, value) in changes.Changed)
        {
            rows[key] = value;
        }

        foreach (var key in changes.Removed)
        {
            // A row that was added and removed since the last read is not in the dictionary.
            rows.Remove(key);
        }
    }
}
