namespace GenesysSimulator.RealTime;

/// <summary>Genesys cuts long lists of details: the first half has the oldest entities, the second half the newest.</summary>
internal static class CutList
{
    private const int MaxEntities = 100;

    public static (IReadOnlyList<T> Kept, bool IsTruncated) Of<T>(IReadOnlyList<T> oldestFirst) => oldestFirst.Count <= MaxEntities
        ? (oldestFirst, false)
        : ([.. oldestFirst.Take(MaxEntities / 2), .. oldestFirst.Skip(oldestFirst.Count - (MaxEntities / 2))], true);
}
