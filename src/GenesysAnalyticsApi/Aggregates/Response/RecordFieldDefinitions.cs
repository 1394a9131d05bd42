using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using static GenesysAnalyticsApi.Aggregates.Folding.StandardMetrics;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// The fields of a record: name, meaning, Genesys source, example and computation. Every format writes records from this table, and the OpenAPI
/// document takes its descriptions from it. Durations are in milliseconds; rates and levels are fractions, not percentages.
/// </summary>
internal static class RecordFieldDefinitions
{
    /// <summary>The fields that identify a record, before the figures.</summary>
    public static ImmutableArray<TextField> Labels { get; } =
    [
        new TextField("queueId", "The queue's id; null where rows are rolled up over queues.", "05f1c285-6777-4ccc-806f-8db085ae0793", record => record.Labels.QueueId)
        {
            Origin = "dimension queueId", NullWhen = "rows are rolled up over queues",
        },
        new TextField("queueName", "The queue's name, or the last known name of a deleted queue; null if the name was never known.", "Customer Service", record => record.Labels.QueueName)
        {
            Origin = "queue directory", NullWhen = "rows are rolled up over queues; the directory never contained the queue",
        },
        new TextField("divisionId", "The division's id; present only when grouped by division; null if the division of the queue is unknown.", null, record => record.Labels.DivisionId)
        {
            With = Grouping.Division, Origin = "queue directory, current division", NullWhen = "the directory never contained the queue",
        },
        new TextField("divisionName", "The division's name; present only when grouped by division.", null, record => record.Labels.DivisionName)
        {
            With = Grouping.Division, Origin = "queue directory, current division", NullWhen = "the directory never contained the queue",
        },
        new TextField("mediaType", "The media type as named by Genesys; null where rows are rolled up over media types.", "voice", record => record.Labels.MediaType)
        {
            Origin = "dimension mediaType", NullWhen = "rows are rolled up over media types; a row that fill=zero added for a queue without data",
        },
        new TextField("messageType", "The message type as named by Genesys, such as whatsapp; present only when grouped by message type; null for interactions without a message type, such as calls.", null, record => record.Labels.ValueOf(Dimensions.MessageType))
        {
            With = Grouping.MessageType, Origin = "dimension messageType", NullWhen = "Genesys names no message type; a row that fill=zero added",
        },
        new TextField("direction", "The original direction of the conversation, inbound or outbound; present only when grouped by direction.", null, record => record.Labels.ValueOf(Dimensions.Direction))
        {
            With = Grouping.Direction, Origin = "dimension originatingDirection", NullWhen = "Genesys names no direction; a row that fill=zero added",
        },
        new TextField("userId", "The agent's id; present only when grouped by agent; null for figures that Genesys attributes to no agent.", null, record => record.Labels.ValueOf(Dimensions.User))
        {
            With = Grouping.User, Origin = "dimension userId", NullWhen = "Genesys names no agent; a row that fill=zero added",
        },
        new TextField("userName", "The agent's name, or the last known name of a deleted agent; present only when grouped by agent.", null, record => record.Labels.UserName)
        {
            With = Grouping.User, Origin = "user directory", NullWhen = "the directory never contained the agent",
        },
        new TextField("wrapUpCode", "The id of the wrap-up code; present only when grouped by wrap-up code; null for agent sessions without a wrap-up code.", null, record => record.Labels.ValueOf(Dimensions.WrapUpCode))
        {
            With = Grouping.WrapUpCode, Origin = "dimension wrapUpCode", NullWhen = "Genesys names no wrap-up code; a row that fill=zero added",
        },
        new TextField("wrapUpCodeName", "The name of the wrap-up code; present only when grouped by wrap-up code.", null, record => record.Labels.WrapUpCodeName)
        {
            With = Grouping.WrapUpCode, Origin = "directory of wrap-up codes", NullWhen = "the directory never contained the code, as for Genesys' own codes, such as ININ-WRAP-UP-TIMEOUT, which Genesys does not list",
        },
        new TimeField("from", "Start of the bucket, inclusive.", "2026-11-01T00:00:00Z", record => record.Bucket.From, record => record.Bucket.Start.ToDateTimeUtc()) { IsInstant = true },
        new TimeField("to", "End of the bucket, exclusive.", "2026-11-02T00:00:00Z", record => record.Bucket.To, record => record.Bucket.End.ToDateTimeUtc()) { IsInstant = true },
        new TimeField("localFrom", "Start of the bucket in the local time of timeZone.", "2026-11-01T00:00:00", record => record.Bucket.LocalFrom, record => record.Bucket.LocalStart.ToDateTimeUnspecified()),
    ];

    public static ImmutableArray<FigureField> Figures { get; } =
    [
        new IntegerField("totalInteractions", "nOffered.count + nOutbound.count", 906, row => row.SumOfCounts(NOffered, NOutbound),
            "Entries into the queue plus outbound calls; not the number of distinct contacts."),
        Count("offered", NOffered, 877, "Interactions that entered the queue."),
        Count("answered", TAnswered, 787, "Interactions answered by an agent; null for callbacks for which Genesys reports neither answers nor abandons."),
        Count("abandoned", TAbandon, 83, "Interactions that ended before an agent answered; null where answered is null."),
        Count("shortAbandoned", TShortAbandon, 7,
            "Abandoned interactions that ended within the organization's short-abandon threshold; null where answered is null."),
        Count("flowOut", TFlowOut, 7, "Interactions routed out of the queue, neither answered nor abandoned."),
        Count("outbound", NOutbound, 29, "Outbound interactions."),
        Count("connected", NConnected, 7,
            "Connected customer sessions. Not the same as answered: it does not show that an agent reached a customer. Behind an IVR, callers "
            + "connect before any queue, so a voice queue counts mostly outbound calls and callbacks. Media that go directly to a queue may count "
            + "contacts that no agent answered."),
        Count("handled", THandle, 817,
            "Completed agent sessions, including after-call work. Includes transfers, outbound calls, and alerts that the agent did not answer but "
            + "that received a wrap-up code."),
        Count("overServiceLevel", NOverSla, 373, "Interactions answered after the service level threshold."),
        Count("transferred", NTransferred, 634, "Transfers made by agents."),
        Count("blindTransferred", NBlindTransferred, 634, "Transfers without consultation."),
        Count("consultTransferred", NConsultTransferred, 0, "Transfers after consultation."),
        Count("errors", NError, 751, "Sessions with an error."),

        SumMs("totalHandleTimeMs", THandle, 131580101,
            "Handle time in ms: contacting + dialing + talk + hold + after-call work, recorded when after-call work ends."),
        SumMs("talkTimeMs", TTalkComplete, 118231081, "Talk time in ms of completed agent sessions."),
        SumMs("holdTimeMs", THeldComplete, 1584, "Hold time in ms of completed agent sessions."),
        SumMs("wrapTimeMs", TAcw, 13049044, "After-call work in ms."),
        SumMs("dialingTimeMs", TDialing, 274630, "Outbound dialing time in ms."),
        SumMs("contactingTimeMs", TContacting, 23762, "Time in ms to connect the agent's own station."),
        SumMs("alertTimeMs", TAlert, 0, "Time in ms that agents were alerted; not part of handle time."),
        SumMs("waitTimeMs", TWait, 47536266, "Wait time in ms of all interactions that were answered, were abandoned or flowed out."),
        SumMs("answerTimeMs", TAnswered, 40279740, "Wait time in ms of answered interactions; null where answered is null."),
        SumMs("abandonTimeMs", TAbandon, 5750770, "Wait time in ms of abandoned interactions; null where answered is null."),
        SumMs("flowOutTimeMs", TFlowOut, 1505756, "Wait time in ms of interactions that flowed out."),

        Average("averageHandleTimeMs", THandle, 161052.75520195838, "Average handle time (AHT) in ms; null if nothing was handled."),
        Average("averageTalkTimeMs", TTalkComplete, 148718.3408805031, "Average talk time in ms per completed agent session with talk time."),
        Average("averageHoldTimeMs", THeldComplete, 1584, "Average hold time in ms per agent session with hold time."),
        Average("averageWrapTimeMs", TAcw, 15991.47549019608, "Average after-call work time in ms."),
        Average("averageWaitTimeMs", TWait, 54203.26795895097, "Average wait time in ms of all interactions that left the queue."),
        Average("averageSpeedOfAnswerMs", TAnswered, 51181.372299872935, "Average speed of answer (ASA) in ms; null where answered is null."),
        Average("averageTimeToAbandonMs", TAbandon, 69286.38554216867, "Average wait time in ms of abandoned interactions; null where answered is null."),
        MaxMs("longestWaitMs", TWait, 451577, "The longest wait in ms; null if nothing waited, or if a merged part does not report a maximum."),
        MaxMs("longestHandleTimeMs", THandle, 1040810, "The longest handle time in ms; null if nothing was handled, or if a merged part does not report a maximum."),

        new DecimalField("serviceLevel", "oServiceLevel.numerator / oServiceLevel.denominator", 0.47586206896551725, row => row.Ratio(OServiceLevel),
            "Fraction of interactions within the service level, 0–1."),
        new DecimalField("serviceLevelNumerator", "oServiceLevel.numerator", 414, row => row.Numerator(OServiceLevel), "Interactions within the service level."),
        new DecimalField("serviceLevelDenominator", "oServiceLevel.denominator", 870, row => row.Denominator(OServiceLevel),
            "Interactions that count toward the service level, according to the organization's settings."),
        new DecimalField("serviceLevelTarget", "oServiceLevel.target", 0.8, row => row.Target(OServiceLevel),
            "Target of the service level, 0–1; null where merged parts have different targets."),
        new DecimalField("answerRate", "tAnswered.count / nOffered.count", 0.8973774230330672, row => row.RateOfOffered(TAnswered),
            "answered / offered, normally 0–1 (above 1 if interactions are answered in a later bucket than that of their offer). Callbacks for which Genesys reports neither "
            + "answers nor abandons are excluded from both."),
        new DecimalField("abandonRate", "tAbandon.count / nOffered.count", 0.09464082098061574, row => row.RateOfOffered(TAbandon),
            "abandoned / offered, normally 0–1 (above 1 if interactions are abandoned in a later bucket than that of their offer). Callbacks for which Genesys reports neither answers nor abandons are excluded, as they are from answerRate."),
        new DecimalField("transferRate", "nTransferred.count / tHandle.count", 0.7760097919216646, row => row.Rate(NTransferred, THandle),
            "transferred / handled, normally 0–1 (above 1 if many sessions have several transfers or end in another bucket)."),
    ];

    /// <summary>The figures for the query's own service level threshold, after the other figures; only with <c>serviceLevelThresholdMs</c>.</summary>
    public static ImmutableArray<FigureField> Within { get; } =
    [
        new IntegerField("answeredWithin", "views.answeredWithin.count", 402, figures => figures.AnsweredWithin,
            "Interactions answered within serviceLevelThresholdMs, including answers at exactly the threshold; null where answered is null. Present only with serviceLevelThresholdMs.") { IsOptional = true },
        new DecimalField("serviceLevelWithin", "views.answeredWithin.count / oServiceLevel.denominator", 0.46206896551724136, figures => figures.ServiceLevelWithin,
            "answeredWithin / serviceLevelDenominator, 0–1: the service level for the threshold in serviceLevelThresholdMs. Null where the denominator is 0, where answered is null, "
            + "and where a part of the bucket could not be fetched. Present only with serviceLevelThresholdMs.") { IsOptional = true },
    ];

    private static readonly ImmutableArray<FigureField> FiguresWithThreshold = [.. Figures, .. Within];

    /// <summary>The figures in the records of a response, in order.</summary>
    public static ImmutableArray<FigureField> FiguresOf(RecordList records) => records.HasThreshold ? FiguresWithThreshold : Figures;

    /// <summary>Nested objects, after the figures. <see cref="AggregateRecord"/> defines their types.</summary>
    public static ImmutableArray<RecordField> Objects { get; } =
    [
        new ObjectField("metrics", "Raw statistics by Genesys metric; present only for the metrics requested with metric=.")
        {
            Origin = "the metrics themselves",
            NullWhen = "within it: Genesys rejects the metric, or it cannot be merged",
        },
        new ObjectField("previous", "The same figures of the compared interval; present only with compare=; null if the bucket has no counterpart in that interval.")
        {
            Origin = "the fields themselves, of the compared interval",
            NullWhen = "the bucket has no counterpart in the compared interval",
        },
    ];

    /// <summary>The flags that describe the data of a record, after the figures.</summary>
    public static ImmutableArray<FlagField> Flags { get; } =
    [
        new FlagField("complete", "False if part of the bucket could not be fetched or an invalid statistic was omitted. Figures are then too low or null.", record => record.IsComplete),
        new FlagField("final", "True if all data was fetched after the period in which Genesys can still change it (by default, until 72 hours after the bucket's end).", record => record.IsFinal),
    ];

    /// <summary>All fields that a record can have, in order.</summary>
    public static IEnumerable<RecordField> All => [.. Labels, .. Figures, .. Within, .. Objects, .. Flags];

    private static IntegerField Count(string name, StandardMetric metric, long example, string description) =>
        new(name, $"{metric.Name}.count", example, row => row.Count(metric), description);

    private static IntegerField SumMs(string name, StandardMetric metric, long example, string description) =>
        new(name, $"{metric.Name}.sum", example, row => row.SumMs(metric), description);

    private static IntegerField MaxMs(string name, StandardMetric metric, long example, string description) =>
        new(name, $"{metric.Name}.max", example, row => row.MaxMs(metric), description);

    private static DecimalField Average(string name, StandardMetric metric, double example, string description) =>
        new(name, $"{metric.Name}.sum / {metric.Name}.count", example, row => row.Average(metric), description);
}

/// <param name="Name">The JSON name.</param>
/// <param name="Description">What the value means and when it is null.</param>
internal abstract record RecordField(string Name, string Description)
{
    /// <summary>Where the value of a field without a formula comes from.</summary>
    public string Origin { get; init; } = "this service";

    /// <summary>When the value of a field without a formula is null; null if the value is never null.</summary>
    public string? NullWhen { get; init; }
}

internal record TextField(string Name, string Description, string? Example, Func<ResponseRecord, string?> Of) : RecordField(Name, Description)
{
    /// <summary>The grouping with which the field is present; none if the field is always present.</summary>
    public Grouping With { get; init; }

    public bool IsOptional => With != Grouping.None;

    public bool IsIn(RecordList records) => records.GroupBy.HasFlag(With);

    /// <summary>Whether the field identifies the bucket of the record. A compared record has only such labels.</summary>
    public bool IsOfBucket => this is TimeField;
}

/// <param name="Of">The time as text in ISO-8601.</param>
/// <param name="Time">The same time for formats that have a type for it.</param>
internal sealed record TimeField(string Name, string Description, string Example, Func<ResponseRecord, string?> Of, Func<ResponseRecord, DateTime> Time)
    : TextField(Name, Description, Example, Of)
{
    /// <summary>Whether the time is an instant in UTC; otherwise, it is a local time.</summary>
    public bool IsInstant { get; init; }
}

/// <param name="Source">The formula in Genesys metrics and statistics. Parts are summed before a quotient is computed.</param>
internal abstract record FigureField(string Name, string Source, double Example, string Description) : RecordField(Name, Description)
{
    /// <summary>Whether the field is present only in responses to some queries (<see cref="RecordFieldDefinitions.FiguresOf"/>).</summary>
    public bool IsOptional { get; init; }
}

internal sealed record IntegerField(string Name, string Source, double Example, Func<RowArithmetic, long?> Of, string Description)
    : FigureField(Name, Source, Example, Description);

internal sealed record DecimalField(string Name, string Source, double Example, Func<RowArithmetic, double?> Of, string Description)
    : FigureField(Name, Source, Example, Description);

internal sealed record FlagField(string Name, string Description, Func<ResponseRecord, bool> Of) : RecordField(Name, Description);

internal sealed record ObjectField(string Name, string Description) : RecordField(Name, Description);
