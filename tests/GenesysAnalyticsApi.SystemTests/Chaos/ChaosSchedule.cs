using System.Globalization;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Which faults occur when, over ten minutes. The same seed gives the same schedule.</summary>
internal sealed class ChaosSchedule
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";
    private const string Queues = "/api/v2/routing/queues";
    private const string Token = "/oauth/token";

    /// <summary>
    /// Faults of any endpoint. Omitted are those of asynchronous queries, which these queries do not use; those that change a reply without a trace (a group
    /// without its queue, an empty reply, another media type), because the service cannot detect them; and a rejected metric, which the service omits for
    /// an hour.
    /// </summary>
    private static readonly (string Name, string? Value)[] Anywhere =
    [
        (FaultNames.RateLimitSeconds, "2"), (FaultNames.RateLimitDate, "3"), (FaultNames.RateLimitHours, "3600"), (FaultNames.RateLimitBare, null),
        (FaultNames.ServerError, null), (FaultNames.BadGatewayHtml, null), (FaultNames.Unavailable, null), (FaultNames.UnavailableAfter, "2"),
        (FaultNames.GatewayTimeout, null), (FaultNames.Redirect, "http://127.0.0.1:1/"), (FaultNames.Slow, "4"), (FaultNames.Hang, null),
        (FaultNames.CutBody, null), (FaultNames.CutChunks, null), (FaultNames.HtmlAnswer, null), (FaultNames.TruncatedJson, null),
    ];

    private static readonly (string Name, string? Value)[] OfTheApi = [(FaultNames.RevokedToken, null), (FaultNames.MissingPermission, null)];

    private static readonly (string Name, string? Value)[] OfAggregates =
        [(FaultNames.TooLarge, null), (FaultNames.UnknownMetric, null), (FaultNames.MissingMin, null), (FaultNames.ForeignBucket, null)];

    private static readonly (string Name, string? Value)[] OfQueues =
        [(FaultNames.RepeatedPage, null), (FaultNames.EmptyPage, null), (FaultNames.WrongPageCount, null), (FaultNames.ForeignNextUri, null)];

    private static readonly (string Name, string? Value)[] OfToken = [(FaultNames.TokenThrottled, null), (FaultNames.TokenError, "503")];

    private readonly List<Window> _faults = [];
    private readonly List<Window> _outages = [];

    public ChaosSchedule(int seed)
    {
        var dice = new Random(seed);
        for (var window = 0; window < 32; window++)
        {
            _faults.Add(AnyWindow(dice, shortest: 10, longest: 90, AnyFault(dice)));
        }

        // The outages do not overlap, because a stopped Redis cannot be frozen.
        for (var part = 0; part < 3; part++)
        {
            var from = TimeSpan.FromSeconds((part * 190) + dice.Next(10, 90));
            _outages.Add(new(from, from + TimeSpan.FromSeconds(dice.Next(10, 80)), null, dice.Next(2) == 0));
        }
    }

    /// <summary>The Genesys faults that are active at the given time.</summary>
    public IReadOnlyList<SimulatorFault> FaultsAt(TimeSpan elapsed) => [.. _faults.Where(window => window.Covers(elapsed)).Select(window => window.Fault!)];

    public RedisState RedisAt(TimeSpan elapsed) => _outages.Find(window => window.Covers(elapsed)) switch
    {
        null => RedisState.Up,
        { IsFrozen: true } => RedisState.Frozen,
        _ => RedisState.Stopped,
    };

    public override string ToString() => string.Join('\n', _faults.Concat(_outages).OrderBy(window => window.From));

    private static SimulatorFault AnyFault(Random dice)
    {
        var (path, kinds) = dice.Next(10) switch
        {
            0 => (Token, Anywhere.Concat(OfToken)),
            1 or 2 => (Queues, Anywhere.Concat(OfTheApi).Concat(OfQueues)),
            _ => (Aggregates, Anywhere.Concat(OfTheApi).Concat(OfAggregates)),
        };
        var all = kinds.ToList();
        var (name, value) = all[dice.Next(all.Count)];

        // The fault affects every request of its window, or a few requests every few seconds.
        return new SimulatorFault(name, value, dice.Next(2) == 0 ? null : dice.Next(1, 4), path);
    }

    private static Window AnyWindow(Random dice, int shortest, int longest, SimulatorFault fault)
    {
        var from = TimeSpan.FromSeconds(dice.Next(0, (int)Length.TotalSeconds - shortest));
        return new(from, from + TimeSpan.FromSeconds(dice.Next(shortest, longest)), fault, false);
    }

    private sealed record Window(TimeSpan From, TimeSpan To, SimulatorFault? Fault, bool IsFrozen)
    {
        public bool Covers(TimeSpan elapsed) => From <= elapsed && elapsed < To;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{From.TotalSeconds,4:0} to {To.TotalSeconds,4:0} s: {(Fault is null ? IsFrozen ? "Redis frozen" : "Redis stopped" : $"{Fault.Name} at {Fault.Path}, {(Fault.Times is { } times ? $"{times} times" : "always")}")}");
    }
}

internal enum RedisState
{
    Up,
    Stopped,
    Frozen,
}
