using System.Collections.Frozen;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// The meaning of Genesys' metrics, in the words of this service, based on Genesys' published definitions and on recorded replies. Many metrics of the SDK
/// have no confirmed definition; their text says so, or says that the meaning is derived from the name.
/// </summary>
internal static class GenesysMetricMeanings
{
    private const string Callback = MediaTypes.Callback;
    private const string Message = "message";

    /// <summary>The text of a metric without a definition.</summary>
    public const string NotDefined = "This catalog has no confirmed definition of the metric. See the metric definitions in the Genesys Cloud Resource Center.";

    private static readonly MetricDefinition Undefined = new(NotDefined);

    private static readonly FrozenDictionary<string, MetricDefinition> All = new Dictionary<string, MetricDefinition>(StringComparer.Ordinal)
    {
        ["nOffered"] = new("Interactions that were routed to the queue for an agent.", "when the interaction enters the queue"),
        ["nOutbound"] = new("Outbound interactions."),
        ["nConnected"] = new("Connected customer sessions. Not the same as answered: behind an IVR, callers connect before any queue.", "when the customer's session connects"),
        ["nOverSla"] = new("Interactions answered after the service level threshold."),
        ["nTransferred"] = new("Transfers made by agents."),
        ["nBlindTransferred"] = new("Transfers without consultation; part of nTransferred."),
        ["nConsultTransferred"] = new("Transfers after consultation; part of nTransferred."),
        ["nError"] = new("Sessions with an error."),
        ["oServiceLevel"] = new(
            "The interactions within the service level, and all interactions that count toward it. Settings of the organization decide whether it includes abandons, short "
            + "abandons and flow-outs; a change also applies to the past.",
            "computed by Genesys for aggregates"),
        ["tAnswered"] = new("Wait time of interactions that an agent answered. Its count is the number of answers.", "when an agent answers; not reported for customer-first callbacks"),
        ["tAbandon"] = new("Wait time of interactions that ended before an agent answered. Its count is the number of abandons.", "when the interaction is abandoned; not reported for customer-first callbacks"),
        ["tShortAbandon"] = new(
            "Wait time of abandoned interactions that ended within the organization's short-abandon threshold; part of tAbandon.",
            "when the interaction is abandoned; not reported for customer-first callbacks"),
        ["tFlowOut"] = new("Wait time of interactions that left the queue neither answered nor abandoned: to voicemail, to a callback, or to a flow.", "when the interaction flows out"),
        ["tWait"] = new("Wait time of all interactions that were answered, were abandoned or flowed out.", "computed by Genesys for aggregates"),
        ["tAlert"] = new("Time that agents were alerted; not part of handle time.", "when the alert ends"),
        ["tHandle"] = new(
            "Handle time of agent sessions: contacting, dialing, talk, hold and after-call work. Its count includes transfers, outbound calls, and alerts that the "
            + "agent did not answer but that received a wrap-up code.",
            "when after-call work ends, or the session if there is none"),
        ["tTalkComplete"] = new("Talk time, once per completed agent session.", "when the talk of the session is complete"),
        ["tHeldComplete"] = new("Hold time, once per completed agent session.", "when the hold of the session is complete"),
        ["tAcw"] = new("After-call work.", "when after-call work ends"),
        ["tDialing"] = new("Outbound: time of dialing the customer."),
        ["tContacting"] = new("Outbound: time to connect the agent's own station."),

        ["tTalk"] = new("Talk time per segment. The records use tTalkComplete.", "when the segment ends"),
        ["tHeld"] = new("Hold time per segment. The records use tHeldComplete.", "when the segment ends"),
        ["tAcd"] = new("Time in the queue until the interaction was answered, was abandoned or flowed out; nearly the same as tWait.", "when the interaction leaves the queue"),
        ["tNotResponding"] = new("Time of alerts that the agent did not answer.", "when the alert ends"),
        ["tPark"] = new("Time parked, judging by the name."),
        ["tParkComplete"] = new("Time parked, judging by the name."),
        ["tBarging"] = new("Time of barging, judging by the name."),
        ["tCoaching"] = new("Time of coaching, judging by the name."),
        ["tCoachingComplete"] = new("Time of coaching, judging by the name."),
        ["tMonitoring"] = new("Time of monitoring, judging by the name."),
        ["tMonitoringComplete"] = new("Time of monitoring, judging by the name."),
        ["tScreenMonitoring"] = new("Time of screen monitoring, judging by the name."),
        ["tConnected"] = new("Time that the customer's session was connected.", "when the customer's session ends"),
        ["tIvr"] = new("Time in the IVR. It belongs to no queue."),
        ["tVoicemail"] = new("Time in voicemail."),
        ["nConsult"] = new("Consultations that agents started."),
        ["nStateTransitionError"] = new("Errors in transitions of the routing state."),
        ["oServiceTarget"] = new("The target of the service level, 0–1.", "computed by Genesys for aggregates"),

        ["tActiveCallback"] = new("Time on a callback while its calls are active.") { MediaTypes = [Callback] },
        ["tActiveCallbackComplete"] = new("Time on a callback while its calls are active.") { MediaTypes = [Callback] },

        ["tAgentResponseTime"] = new("Messaging: time that agents take for a turn. Use the average; the total is not meaningful.") { MediaTypes = [Message] },
        ["tUserResponseTime"] = new("Messaging: time that customers take for a turn. Use the average; the total is not meaningful.") { MediaTypes = [Message] },
        ["tFirstResponse"] = new("Time to the first reply."),
        ["tFirstEngagement"] = new("Time to the first engagement."),

        ["nOutboundAttempted"] = new("Calls that the dialer attempted."),
        ["nOutboundConnected"] = new("Calls of the dialer that connected."),
        ["nOutboundAbandoned"] = new("Outbound calls of the dialer that were abandoned."),
        ["tFirstConnect"] = new("Callbacks: time from the start of routing to the first voice conversation.") { MediaTypes = [Callback] },
        ["tFirstDial"] = new("Callbacks: time from the start of routing until dialing starts for the first time.") { MediaTypes = [Callback] },

        ["nConversations"] = new("Conversations. One conversation can be in several queues and buckets, so the counts of several rows cannot be added."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static MetricDefinition Of(string metric)
    {
        var defined = All.GetValueOrDefault(metric) ?? (GenesysMetrics.GroupFor(metric).Name == "callback" ? Undefined with { MediaTypes = [Callback] } : Undefined);
        return GenesysMetrics.OftenRejected.Contains(metric) ? defined with { Text = $"{defined.Text} Genesys often rejects it in queries by queue." } : defined;
    }

    /// <summary>The metrics that have a definition, for tests.</summary>
    public static IReadOnlyCollection<string> Defined => All.Keys;
}

/// <param name="Text">What the metric means.</param>
/// <param name="PostedWhen">The event at which Genesys counts the metric; null if Genesys does not document it.</param>
internal sealed record MetricDefinition(string Text, string? PostedWhen = null)
{
    /// <summary>The media types to which the metric is limited; empty if it applies to all media types.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = [];
}
