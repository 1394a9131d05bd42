namespace GenesysSimulator.World;

/// <summary>
/// Random durations with a given median, and random counts with a given expected value. Quantile tables in thousandths replace logarithms, because the last
/// bit of a logarithm differs between platforms.
/// </summary>
internal static class Distribution
{
    // Work durations have a long tail: entry i is exp(0.75 z), where z is the quantile i/32 of the normal distribution.
    private static readonly int[] Work =
    [
        115, 247, 316, 372, 422, 469, 514, 559, 603, 648, 693, 740, 787, 837, 889, 943, 1000, 1061, 1125, 1195, 1270, 1352, 1443, 1544,
        1658, 1790, 1945, 2133, 2370, 2687, 3160, 4043, 8659,
    ];

    // Patience and waiting times: entry i is -log2(1 - i/32).
    private static readonly int[] Wait =
    [
        0, 46, 93, 142, 193, 245, 300, 356, 415, 476, 541, 608, 678, 752, 830, 913, 1000, 1093, 1193, 1300, 1415, 1541, 1678, 1830, 2000,
        2193, 2415, 2678, 3000, 3415, 4000, 5000, 10000,
    ];

    // Entry i is the quantile i/32 of the normal distribution.
    private static readonly int[] Normal =
    [
        -2878, -1863, -1534, -1318, -1150, -1010, -887, -776, -674, -579, -489, -402, -319, -237, -157, -78, 0, 78, 157, 237, 319, 402,
        489, 579, 674, 776, 887, 1010, 1150, 1318, 1534, 1863, 2878,
    ];

    /// <summary>The longest possible duration, as a multiple of its median.</summary>
    public const int MaxMultiple = 10;

    public static int OfWork(ref SeededRandom random, int median) => (int)((long)median * Draw(Work, ref random) / 1000);

    public static int OfWait(ref SeededRandom random, int median) => (int)((long)median * Draw(Wait, ref random) / 1000);

    /// <summary>Returns a random count with the given expected value in thousandths. The distribution is close to a Poisson distribution.</summary>
    public static int OfCount(ref SeededRandom random, int expectedThousandths)
    {
        if (expectedThousandths >= 8000)
        {
            // IEEE 754 requires an exactly rounded square root, unlike exp and log.
            var deviation = (long)(Math.Sqrt(expectedThousandths) * Draw(Normal, ref random) / 31.6227766);
            return (int)Math.Max(0, (expectedThousandths + deviation + random.Below(1000)) / 1000);
        }

        var count = 0;
        for (var chance = 0; chance < 16; chance++)
        {
            count += random.Below(16_000) < expectedThousandths ? 1 : 0;
        }

        return count;
    }

    private static long Draw(int[] table, ref SeededRandom random)
    {
        var place = (uint)(random.Next() >> 32);
        var index = (int)(place >> 27);
        long within = place & 0x7FFFFFF;
        return table[index] + (((table[index + 1] - table[index]) * within) >> 27);
    }
}
