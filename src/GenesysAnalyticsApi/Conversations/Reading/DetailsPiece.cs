namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>The conversations that began in [From, To), which are read in one sequence of pages.</summary>
internal readonly record struct DetailsPiece(Instant From, Instant To)
{
    private const int MaxParts = 8;

    private static readonly Duration Shortest = Duration.FromMinutes(1);

    /// <summary>
    /// The start of the requested interval: midnight (UTC) of the day of <see cref="From"/>. Genesys selects conversations by activity, but none that began
    /// before the UTC day in which the interval starts. For an interval from midnight, it therefore returns exactly the conversations that began in the
    /// interval, and its count is exact.
    /// </summary>
    public Instant Base => From.InUtc().Date.AtMidnight().InUtc().ToInstant();

    public bool CanSplit => To - From > Shortest;

    public bool Contains(Instant start) => start >= From && start < To;

    /// <summary>
    /// Splits the piece into a few parts of equal length, in chronological order. A long period without conversations is then skipped with one request.
    /// </summary>
    /// <param name="conversations">The number of conversations in the piece.</param>
    /// <param name="most">The number that a part should not exceed.</param>
    public IReadOnlyList<DetailsPiece> Split(long conversations, long most)
    {
        var wanted = Math.Clamp((conversations + most - 1) / most, 2, MaxParts);
        var count = (int)Math.Min(wanted, Math.Max(2, (long)((To - From) / Shortest)));
        var length = (To - From).ToInt64Nanoseconds();
        var (from, to) = (From, To);
        return
        [
            .. Enumerable.Range(0, count).Select(part => new DetailsPiece(
                from + Rounded(length / count * part),
                part == count - 1 ? to : from + Rounded(length / count * (part + 1)))),
        ];
    }

    /// <summary>Splits the piece into parts whose intervals Genesys accepts, in chronological order.</summary>
    public IEnumerable<DetailsPiece> SplitByDays(int days)
    {
        for (var start = From; start < To;)
        {
            var end = Instant.Min(To, new DetailsPiece(start, To).Base + Duration.FromDays(days));
            yield return new(start, end);
            start = end;
        }
    }

    public bool IsLongerThan(int? days) => days is { } most && To - Base > Duration.FromDays(most);

    // Genesys uses milliseconds.
    private static Duration Rounded(long nanoseconds) => Duration.FromMilliseconds(nanoseconds / 1_000_000);
}
