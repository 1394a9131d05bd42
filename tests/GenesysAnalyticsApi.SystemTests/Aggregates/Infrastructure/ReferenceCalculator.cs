using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>Computes the figures of a record with plain loops over its events. It shares no code with the service and follows only metrics.md.</summary>
/// <param name="events">The events of the record, of all metrics.</param>
/// <param name="whole">The events of all buckets of the record's group. They decide whether its callbacks have answers.</param>
/// <param name="isOfCallbacks">Whether the record can only consist of callbacks.</param>
internal sealed class ReferenceCalculator(IReadOnlyList<FakeEvent> events, IReadOnlyList<FakeEvent> whole, bool isOfCallbacks)
{
    /// <summary>The events of all groups. Whether a queue's callbacks have answers does not depend on how its figures are split.</summary>
    public IReadOnlyList<FakeEvent>? All { private get; init; }

    /// <summary>Whether the query is about sessions of agents, which have no figures of queues.</summary>
    public bool IsOfAgents { private get; init; }

    private static readonly string[] OfQueues =
    [
        "totalInteractions", "offered", "abandoned", "shortAbandoned", "flowOut", "connected", "overServiceLevel", "errors", "waitTimeMs", "abandonTimeMs", "flowOutTimeMs",
        "averageWaitTimeMs", "averageTimeToAbandonMs", "longestWaitMs", "serviceLevel", "serviceLevelNumerator", "serviceLevelDenominator", "serviceLevelTarget", "answerRate", "abandonRate",
    ];

    private static readonly (string Field, string Metric)[] Counts =
    [
        ("offered", "nOffered"), ("outbound", "nOutbound"), ("connected", "nConnected"), ("overServiceLevel", "nOverSla"),
        ("transferred", "nTransferred"), ("blindTransferred", "nBlindTransferred"), ("consultTransferred", "nConsultTransferred"),
        ("errors", "nError"), ("flowOut", "tFlowOut"), ("handled", "tHandle"),
    ];

    private static readonly (string Field, string Metric)[] Sums =
    [
        ("totalHandleTimeMs", "tHandle"), ("talkTimeMs", "tTalkComplete"), ("holdTimeMs", "tHeldComplete"), ("wrapTimeMs", "tAcw"),
        ("dialingTimeMs", "tDialing"), ("contactingTimeMs", "tContacting"), ("alertTimeMs", "tAlert"), ("waitTimeMs", "tWait"),
        ("flowOutTimeMs", "tFlowOut"),
    ];

    private static readonly (string Field, string Metric)[] Averages =
    [
        ("averageHandleTimeMs", "tHandle"), ("averageTalkTimeMs", "tTalkComplete"), ("averageHoldTimeMs", "tHeldComplete"),
        ("averageWrapTimeMs", "tAcw"), ("averageWaitTimeMs", "tWait"),
    ];

    /// <summary>Every numeric field of a record except <c>metrics</c>.</summary>
    public IReadOnlyDictionary<string, double?> Figures()
    {
        var figures = new Dictionary<string, double?>(StringComparer.Ordinal)
        {
            ["totalInteractions"] = Count("nOffered") + Count("nOutbound"),
            ["answered"] = HasAnswers() ? Count("tAnswered") : null,
            ["abandoned"] = HasAnswers() ? Count("tAbandon") : null,
            ["shortAbandoned"] = HasAnswers() ? Count("tShortAbandon") : null,
            ["answerTimeMs"] = HasAnswers() ? Sum("tAnswered") : null,
            ["abandonTimeMs"] = HasAnswers() ? Sum("tAbandon") : null,
            ["averageSpeedOfAnswerMs"] = Quotient(Sum("tAnswered"), Count("tAnswered")),
            ["averageTimeToAbandonMs"] = Quotient(Sum("tAbandon"), Count("tAbandon")),
            ["longestWaitMs"] = Max("tWait"),
            ["longestHandleTimeMs"] = Max("tHandle"),
            ["serviceLevelNumerator"] = Hits("oServiceLevel"),
            ["serviceLevelDenominator"] = Count("oServiceLevel"),
            ["serviceLevel"] = Quotient(Hits("oServiceLevel"), Count("oServiceLevel")),
            ["serviceLevelTarget"] = Target("oServiceLevel"),
            ["answerRate"] = RateOfOffered("tAnswered"),
            ["abandonRate"] = RateOfOffered("tAbandon"),
            ["transferRate"] = Quotient(Count("nTransferred"), Count("tHandle")),
        };
        Array.ForEach(Counts, count => figures.Add(count.Field, Count(count.Metric)));
        Array.ForEach(Sums, sum => figures.Add(sum.Field, Sum(sum.Metric)));
        Array.ForEach(Averages, average => figures.Add(average.Field, Quotient(Sum(average.Metric), Count(average.Metric))));
        foreach (var field in IsOfAgents ? OfQueues : [])
        {
            figures.ContainsKey(field).ShouldBeTrue(field);
            figures[field] = null;
        }

        return figures;
    }

    /// <summary>The fields of a query with a threshold in ms.</summary>
    public IReadOnlyDictionary<string, double?> Within(int thresholdMs)
    {
        double? within = HasAnswers() ? Of("tAnswered").Count(one => one.Value <= thresholdMs) : null;
        return new Dictionary<string, double?>(StringComparer.Ordinal)
        {
            ["answeredWithin"] = within,
            ["serviceLevelWithin"] = within is { } count && !IsOfAgents ? Quotient(count, Count("oServiceLevel")) : null,
        };
    }

    /// <summary>The raw statistics of one metric, as <c>metrics</c> must contain them; null values are omitted.</summary>
    public IReadOnlyDictionary<string, double> Raw(string metric)
    {
        var all = metric switch
        {
            "oServiceLevel" or "oCallbackServiceLevel" => new Dictionary<string, double?>
            {
                ["numerator"] = Hits(metric),
                ["denominator"] = Count(metric),
                ["ratio"] = Quotient(Hits(metric), Count(metric)),
                ["target"] = Target(metric),
            },
            ['n', ..] => new() { ["count"] = Count(metric) },
            _ => new() { ["count"] = Count(metric), ["sum"] = Sum(metric), ["min"] = Min(metric), ["max"] = Max(metric) },
        };
        return all.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!.Value);
    }

    /// <summary>The exact number of distinct conversations. The service may omit it, because it cannot be added up.</summary>
    public int Conversations() => Of("nConversations").Select(one => one.Value).Distinct().Count();

    public static IReadOnlyDictionary<string, double> Given(JsonObject statistics) =>
        statistics.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<double>());

    // Only interactions that can have answers count as offered, per queue and media type.
    private double? RateOfOffered(string metric) =>
        HasAnswers() ? Quotient(Count(metric), events.Count(one => one.Metric == "nOffered" && HasAnswers(one))) : null;

    // A group without events cannot show whether its callbacks have answers.
    private bool HasAnswers() => whole.Count == 0 ? !isOfCallbacks : whole.Any(HasAnswers);

    private bool HasAnswers(FakeEvent one) => one.MediaType != "callback" || (All ?? whole).Any(other =>
        other.QueueId == one.QueueId && other.MediaType == one.MediaType && other.Metric is "tAnswered" or "tAbandon" or "tShortAbandon");

    private double? Max(string metric) =>
        Of(metric).Any() && Of(metric).All(one => one.MediaType != FakeEvents.MediaWithoutMax) ? Of(metric).Max(one => one.Value) : null;

    private double? Min(string metric) =>
        Of(metric).Any() && Of(metric).All(one => one.MediaType != FakeEvents.MediaWithoutMin) ? Of(metric).Min(one => one.Value) : null;

    private double? Target(string metric)
    {
        var targets = Of(metric).Select(one => FakeGenesysServer.TargetOf(one.QueueId)).Distinct().ToList();
        return targets is [var only] ? only : null;
    }

    private int Count(string metric) => Of(metric).Count();

    private long Sum(string metric) => Of(metric).Sum(one => one.Value);

    private int Hits(string metric) => Of(metric).Count(one => one.Value > 0);

    private IEnumerable<FakeEvent> Of(string metric) => events.Where(one => one.Metric == metric);

    private static double? Quotient(double numerator, double denominator) => denominator == 0 ? null : numerator / denominator;
}
