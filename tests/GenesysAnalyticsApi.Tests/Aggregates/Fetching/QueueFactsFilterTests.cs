using CsCheck;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Aggregates.Fetching;

/// <summary>Selects the facts of certain queues from the facts of all queues.</summary>
public sealed class QueueFactsFilterTests
{
    [Fact]
    public void Filtered_facts_equal_a_Genesys_reply_for_these_queues_alone() => Gen.Select(GenFacts.Cells, Gen.Int[1, 4].Array[0, 4]).Sample((cells, numbers) =>
    {
        var ids = numbers.Select(QueueBuilder.Id).ToHashSet();

        var only = QueueFactsFilter.KeepRequested(GenFacts.Facts(cells), [.. ids.Select(id => id.ToUpperInvariant())]);

        SettledDataMonitor.Changed(only, GenFacts.Facts(cells.Where(cell => ids.Contains(cell.Series.QueueId)))).ShouldBeEmpty();
        only.Series.ShouldAllBe(series => ids.Contains(series.QueueId));
    });

    [Fact]
    public void Invalid_statistics_keep_their_cell_after_filtering()
    {
        var facts = new AggregateFacts(
            GenFacts.Edges(0, 2),
            [new("other", "voice"), new("requested", "voice")],
            [new() { Metric = "tHandle", Cells = [0, 2, 3], Count = [1, 2, 3], Invalid = [new(0, Statistic.Sum, "-1"), new(2, Statistic.Sum, "-2"), new(2, Statistic.Max, "-3")] }]);

        var column = QueueFactsFilter.KeepRequested(facts, ["requested"]).Columns.ShouldHaveSingleItem();

        column.Cells.ShouldBe([0, 1]);
        column.Count.ShouldBe([2, 3]);
        column.Invalid.ShouldBe([new(1, Statistic.Sum, "-2"), new(1, Statistic.Max, "-3")]);
    }
}
