using System.Globalization;
using GenesysSimulator.World;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>A query of one of the kinds that dashboards send.</summary>
/// <param name="EndsNow">Whether the interval ends now. A total then contains everything until its fetch.</param>
/// <param name="MaxAge">The parameter <c>maxAge</c> in seconds; null if the query does not have it.</param>
/// <param name="Longest">The maximum age of unlabeled figures, in seconds; null if the figures have settled.</param>
internal sealed record ChaosQuery(
    string Interval, string? Granularity, string? QueueId, string? MediaType, string GroupBy, bool EndsNow, int? MaxAge, bool Denies, int? Longest)
{
    private static readonly string[] Groupings = ["queueId,mediaType", "queueId", "mediaType", "none"];
    private static readonly string[] Media = ["voice", "callback", "chat", "email", "message"];

    public string Url => string.Concat(
        "/aggregates?",
        Interval,
        Granularity is null ? "" : $"&granularity={Granularity}",
        QueueId is null ? "" : $"&queueId={QueueId}",
        MediaType is null ? "" : $"&mediaType={MediaType}",
        GroupBy == Groupings[0] ? "" : $"&groupBy={GroupBy}",
        MaxAge is null ? "" : string.Create(CultureInfo.InvariantCulture, $"&maxAge={MaxAge}"),
        Denies ? "&partial=deny" : "");

    /// <param name="today">The day of the query, in UTC.</param>
    public static ChaosQuery Any(Random dice, DateOnly today, IReadOnlyList<SimulatedQueue> queues)
    {
        var (interval, granularity, endsNow, longest) = dice.Next(8) switch
        {
            0 => (Days(today.AddDays(-dice.Next(10, 300)), 1), OneOf(null, "PT1H", "PT30M"), false, default(int?)),
            1 => (Days(today.AddDays(-dice.Next(50, 300)), dice.Next(2, 40)), OneOf(null, "P1D"), false, null),
            2 => (Days(today.AddDays(-1), 1), OneOf(null, "PT1H"), false, 300),
            3 => (Days(today.AddDays(-3), 2), OneOf(null, "PT1H", "P1D"), false, 1800),
            4 or 5 => ($"from={today:yyyy-MM-dd}", OneOf(null, "PT1H"), true, 300),
            6 => ("last=PT2H", OneOf(null, "PT15M", "PT5M"), true, 300),
            _ => ("period=today", OneOf(null, "PT1H"), true, 300),
        };
        var maxAge = dice.Next(3) == 0 ? dice.Next(3) * 20 : default(int?);
        return new(
            interval,
            granularity,
            dice.Next(3) == 0 ? queues[dice.Next(queues.Count)].WireId : null,
            dice.Next(4) == 0 ? Media[dice.Next(Media.Length)] : null,
            Groupings[dice.Next(Groupings.Length)],
            endsNow,
            maxAge,
            dice.Next(6) == 0,
            longest is { } limit ? Math.Min(limit, maxAge ?? limit) : null);

        string? OneOf(params string?[] values) => values[dice.Next(values.Length)];
    }

    private static string Days(DateOnly from, int days) => $"from={from:yyyy-MM-dd}&to={from.AddDays(days):yyyy-MM-dd}";
}
