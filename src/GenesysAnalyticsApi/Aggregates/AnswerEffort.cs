using System.Globalization;
using GenesysAnalyticsApi.Operations;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What was done for one request, and how many records came of it.</summary>
internal sealed class AnswerEffort(int rows, int cached, int fetched, int stale, int failed, int calls)
{
    public int Cached => cached;

    public int Fetched => fetched;

    public int Stale => stale;

    public int Failed => failed;

    /// <summary>Calls to Genesys.</summary>
    public int Calls => calls;

    /// <summary>The header's text.</summary>
    public string Slices { get; } = string.Create(CultureInfo.InvariantCulture, $"cached={cached}, fetched={fetched}, stale={stale}, failed={failed}");

    /// <summary>For the log.</summary>
    public RequestFacts Facts { get; } = new(rows, cached + fetched + stale + failed, calls);

    public static AnswerEffort Of(int rows, IEnumerable<SliceOutcome> slices)
    {
        var outcomes = slices.ToList();
        return new(
            rows,
            outcomes.Count(slice => slice.IsCached),
            outcomes.Count(slice => !slice.IsCached && !slice.IsFailed && !slice.IsStale),
            outcomes.Count(slice => slice.IsStale),
            outcomes.Count(slice => slice.IsFailed),
            outcomes.Sum(slice => slice.Calls));
    }

    /// <summary>Of an answer that is sent again: nobody was asked.</summary>
    public static AnswerEffort Again(int rows, int slices) => new(rows, slices, 0, 0, 0, 0);
}
