namespace GenesysSimulator.RealTime;

/// <summary>Truncates long lists of details as Genesys does: the first half contains the oldest entities, and the second half the newest.</summary>
internal static class TruncatedList
{
    private const int MaxEntities = 100;

    public static (IReadOnlyList<T> Kept, bool IsTruncated) Of<T>(IReadOnlyList<T> oldestFirst) => oldestFirst.Count <= MaxEntities
        ? (oldestFirst, false)
        : ([.. oldestFirst.Take(MaxEntities / 2), .. oldestFirst.Skip(oldestFirst.Count - (MaxEntities / 2))], true);
}
