namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>A piece of an interval: the conversations that began in [From, To). A piece is read in one sequence of pages, or split.</summary>
internal readonly record struct DetailsPiece(Instant From, Instant To)
{
    private const int MaxParts = 8;

    private static readonly Duration Shortest = Duration.FromMinutes(1);

    /// <summary>
    /// The start of the interval that is requested from Genesys: midnight (UTC) of the day of <see cref="From"/>. Genesys selects conversations by activity,
    /// but none that began before the UTC day in which the requested interval starts. If that interval starts at midnight, Genesys therefore returns exactly
    /// the conversations that began in it, and Genesys' count is exact.
    /// </summary>
    public Instant Base => From.InUtc().Date.AtMidnight().InUtc().ToInstant();

    public bool CanSplit => To - From > Shortest;

    public bool Contains(Instant start) => start >= From && start < To;

    /// <summary>
    /// Splits the piece into a few parts of equal length, in chronological order. One or two Genesys requests are then enough to skip a long period without
    /// conversations.
    /// </summary>
    /// <param name="conversations">The number of conversations in the piece.</param>
    /// <param name="maxPerPart">The number of conversations that a part should not exceed. A part can be split again.</param>
    public IReadOnlyList<DetailsPiece> Split(long conversations, long maxPerPart)
    {
        var desired = Math.Clamp((conversations + maxPerPart - 1) / maxPerPart, 2, MaxParts);
        var count = (int)Math.Min(desired, Math.Max(2, (long)((To - From) / Shortest)));
        var length = (To - From).ToInt64Nanoseconds();
        var (from, to) = (From, To);
        return
        [
            .. Enumerable.Range(0, count).Select(part => new DetailsPiece(
                from + Rounded(length / count * part),
                part == count - 1 ? to : from + Rounded(length / count * (part + 1)))),
        ];
    }

    /// <summary>Splits the piece into parts that are short enough for Genesys, in chronological order.</summary>
    public IEnumerable<DetailsPiece> SplitByDays(int days)
    {
        for (var start = From; start < To;)
        {
            var end = Instant.Min(To, new DetailsPiece(start, To).Base + Duration.FromDays(days));
            yield return new(start, end);
            start = end;
        }
    }

    public bool IsLongerThan(int? days) => days is { } maximum && To - Base > Duration.FromDays(maximum);

    // Genesys' times have a precision of one millisecond.
    private static Duration Rounded(long nanoseconds) => Duration.FromMilliseconds(nanoseconds / 1_000_000);
}
