using GenesysSimulator.Faults;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>The faults of synchronous details queries: of their pages, their number of hits and their longest interval.</summary>
internal sealed class DetailsPagingFaults
{
    private int _movedHits;

    public static int? MaxDays(IReadOnlyList<SimulatorFault> faults) => Find(faults, FaultNames.IntervalDays)?.Number(7);

    public static IEnumerable<ConversationPosition> PageOf(RecordIndex index, DetailQuery query, IReadOnlyList<SimulatorFault> faults)
    {
        if (Find(faults, FaultNames.EmptyPage) is { } empty && empty.Number(query.PageNumber) == query.PageNumber)
        {
            return [];
        }

        var take = query.PageSize - Math.Min(query.PageSize, Find(faults, FaultNames.ShortPage)?.Number(1) ?? 0);
        return index.Page(((query.PageNumber - 1) * query.PageSize) + Shift(query, faults), take);
    }

    /// <summary>Returns the difference between the reported and the actual number of hits.</summary>
    public int HitsOffset(IReadOnlyList<SimulatorFault> faults) =>
        Find(faults, FaultNames.MovingTotalHits) is { } moving ? Interlocked.Increment(ref _movedHits) * moving.SignedNumber(3) : 0;

    // Later pages are shifted as if a record had been added to the first page, or removed from it, after that page was read.
    private static int Shift(DetailQuery query, IReadOnlyList<SimulatorFault> faults)
    {
        if (query.PageNumber == 1)
        {
            return 0;
        }

        return (Find(faults, FaultNames.MovedRecord) is null ? 0 : 1) - (Find(faults, FaultNames.RepeatedRecord) is null ? 0 : 1);
    }

    private static SimulatorFault? Find(IReadOnlyList<SimulatorFault> faults, string name) => faults.FirstOrDefault(fault => fault.Name == name);
}
