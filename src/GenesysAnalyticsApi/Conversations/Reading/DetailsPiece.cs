namespace GenesysAnalyticsApi.Conversations.Reading;

/// <summary>Conversations that began in [From, To), which are read by one run of pages.</summary>
internal readonly record struct DetailsPiece(Instant From, Instant To)
{
    private const int MaxParts = 8;

    private static readonly Duration Shortest = Duration.FromMinutes(1);

    /// <summary>
    /// The start of the interval that Genesys is asked for. Genesys selects by activity, but nothing that began before the UTC day in which the interval
    /// starts. From midnight on, its conversations are therefore exactly those that began in the interval, and can be counted.
    /// </summary>
    public Instant Base => From.InUtc().Date.AtMidnight().InUtc().ToInstant();

    public bool CanSplit => To - From > Shortest;

    public bool Contains(Instant start) => start >= From && start < To;

    /// <summary>Parts of equal length, in the order of time. Few, because a part without conversations is then skipped with one request.</summary>
    /// <param name="conversations">How many the piece has.</param>
    /// <param name="most">How many a part should have at most.</param>
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

    /// <summary>Parts whose intervals Genesys accepts, in the order of time.</summary>
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

    // Genesys reads milliseconds.
    private static Duration Rounded(long nanoseconds) => Duration.FromMilliseconds(nanoseconds / 1_000_000);
}
