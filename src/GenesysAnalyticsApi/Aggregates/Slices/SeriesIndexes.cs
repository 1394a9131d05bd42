using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Encodes the series of a slice as numbers: for each series, the indexes of its queue and its media type in <see cref="SliceCacheEntry.Names"/>. If the
/// slice is split by further dimensions, the first number is the negated value of the <see cref="Dimensions"/> flags, and each series has an additional
/// index for each of these dimensions: -1 if the series has no value in the dimension.
/// </summary>
internal static class SeriesIndexes
{
    private const int NoValue = -1;

    public static int[] Of(ImmutableArray<FactSeries> series, Func<string, int> indexOf) => series is [{ Values.Set: var set }, ..]
        ? [-(int)set, .. series.SelectMany(item => Pair(item, indexOf).Concat(Dimension.Of(set).Select(dimension => item.Values![dimension.Flag] is { } value ? indexOf(value) : NoValue)))]
        : [.. series.SelectMany(item => Pair(item, indexOf))];

    public static ImmutableArray<FactSeries> Read(int[] indexes, string[] names)
    {
        var (set, start, width) = LayoutOf(indexes);
        var series = ImmutableArray.CreateBuilder<FactSeries>(CountOf(indexes));
        for (var i = start; i < indexes.Length; i += width)
        {
            ImmutableArray<string?> values = [.. indexes[(i + 2)..(i + width)].Select(index => index == NoValue ? null : names[index])];
            series.Add(new FactSeries(names[indexes[i]], names[indexes[i + 1]], set == Dimensions.None ? null : new DimensionValues(set, values)));
        }

        return series.MoveToImmutable();
    }

    public static int CountOf(int[] indexes)
    {
        var (_, start, width) = LayoutOf(indexes);
        return (indexes.Length - start) / width;
    }

    /// <summary>Returns whether the numbers are valid. A duplicate series is invalid, because it would be counted twice.</summary>
    public static bool AreValid(int[] indexes, int nameCount)
    {
        var (set, start, width) = LayoutOf(indexes);
        if ((set & ~Dimension.AllFlags) != Dimensions.None || (indexes.Length - start) % width != 0)
        {
            return false;
        }

        var seen = new HashSet<(int, int, string)>();
        for (var i = start; i < indexes.Length; i += width)
        {
            var values = indexes.AsSpan((i + 2)..(i + width));
            if ((uint)indexes[i] >= nameCount || (uint)indexes[i + 1] >= nameCount || values.ContainsAnyExceptInRange(NoValue, nameCount - 1)
                || !seen.Add((indexes[i], indexes[i + 1], values.IsEmpty ? "" : string.Join(',', values.ToArray()))))
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Pair(FactSeries series, Func<string, int> indexOf) => [indexOf(series.QueueId), indexOf(series.MediaType)];

    private static (Dimensions Set, int Start, int Width) LayoutOf(int[] indexes)
    {
        var set = indexes is [< 0 and var marker, ..] ? (Dimensions)(-marker) : Dimensions.None;
        return (set, set == Dimensions.None ? 0 : 1, 2 + Dimension.Of(set).Count());
    }
}
