namespace GenesysAnalyticsApi.Queues;

/// <summary>What the log and the doctor say of odd entries in the queue listing: the first few, since a listing can be odd throughout.</summary>
internal static class OddEntries
{
    private const int MostShown = 5;

    public static string Shown(IReadOnlyList<string> oddities) =>
        string.Join("; ", oddities.Take(MostShown)) + (oddities.Count > MostShown ? $"; and {oddities.Count - MostShown} more." : ".");
}
