using CsCheck;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Fetching;

/// <summary>The facts of certain queues, taken out of those of all.</summary>
public sealed class QueueFactsFilterTests
{
    [Fact]
    public void They_are_what_Genesys_would_have_said_of_these_queues_alone() => Gen.Select(GenFacts.Cells, Gen.Int[1, 4].Array[0, 4]).Sample((cells, numbers) =>
    {
        var ids = numbers.Select(QueueBuilder.Id).ToHashSet();

        var only = QueueFactsFilter.Only(GenFacts.Facts(cells), [.. ids.Select(id => id.ToUpperInvariant())]);

        SettledDataMonitor.Changed(only, GenFacts.Facts(cells.Where(cell => ids.Contains(cell.Series.QueueId)))).ShouldBeEmpty();
        only.Series.ShouldAllBe(series => ids.Contains(series.QueueId));
    });

    [Fact]
    public void What_was_left_out_of_them_is_still_told_of_the_right_cell()
    {
        var facts = new AggregateFacts(
            GenFacts.Edges(0, 2),
            [new("other", "voice"), new("asked", "voice")],
            [new() { Metric = "tHandle", Cells = [0, 2, 3], Count = [1, 2, 3], Invalid = [new(0, Statistic.Sum, "-1"), new(2, Statistic.Sum, "-2"), new(2, Statistic.Max, "-3")] }]);

        var column = QueueFactsFilter.Only(facts, ["asked"]).Columns.ShouldHaveSingleItem();

        column.Cells.ShouldBe([0, 1]);
        column.Count.ShouldBe([2, 3]);
        column.Invalid.ShouldBe([new(1, Statistic.Sum, "-2"), new(1, Statistic.Max, "-3")]);
    }
}
