using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// Maps common names to Genesys metrics: names from older reports, other tools and this API's fields. Many counts are statistics of a
/// timer: for example, answered is <c>tAnswered.count</c>.
/// </summary>
internal static class MetricSynonyms
{
    // Names are compared without their prefix letter (n, t or o), because users often confuse the prefixes.
    private static readonly Synonyms All = new(
        ("nOffered", "offer offers offered"),
        ("nOutbound", "outbounds outboundCalls"),
        ("nConnected", "connect connects"),
        ("tAnswered", "answer answers answered answeredCalls asa averageSpeedOfAnswer speedOfAnswer answerTime"),
        ("tAbandon", "abandons abandoned abandonedCalls abandonTime timeToAbandon"),
        ("tShortAbandon", "shortAbandons shortAbandoned"),
        ("tFlowOut", "flowOuts flowedOut flowOutTime"),
        ("tHandle", "handled handles handling handleTime handlingTime aht averageHandleTime totalHandleTime"),
        ("tTalkComplete", "talkTime talkTimeComplete averageTalkTime"),
        ("tHeldComplete", "hold holdTime holdComplete heldTime averageHoldTime"),
        ("tAcw", "acwTime wrap wrapUp wrapTime wrapUpTime afterCallWork averageWrapTime"),
        ("tAlert", "alertTime alerting alerted"),
        ("tWait", "waitTime waiting averageWaitTime"),
        ("tDialing", "dialingTime dialTime"),
        ("tContacting", "contactingTime"),
        ("oServiceLevel", "sla serviceLevelPercent serviceLevelPercentage"),
        ("nOverSla", "overServiceLevel"),
        ("nTransferred", "transfer transfers"),
        ("nBlindTransferred", "blindTransfer blindTransfers"),
        ("nConsultTransferred", "consultTransfer consultTransfers"),
        ("nError", "errors"),
        ("nConsult", "consults consulted"));

    public static string Message(string given)
    {
        var suggestion = SuggestionFor(given);
        var message = DidYouMean.MessageWith(suggestion, given, "a metric of the Genesys aggregates query", GenesysMetrics.Names);
        message = suggestion is null ? $"{message} GET /catalog, GET /swagger and docs/metrics.md list all metrics." : message;
        return FieldOf(suggestion) is { } field ? $"{message} Every record already contains {suggestion}.count as '{field}'." : message;
    }

    /// <summary>The record field that contains the metric's count.</summary>
    private static string? FieldOf(string? metric) => metric switch
    {
        "nOffered" => "offered",
        "nOutbound" => "outbound",
        "nConnected" => "connected",
        "nOverSla" => "overServiceLevel",
        "nTransferred" => "transferred",
        "nBlindTransferred" => "blindTransferred",
        "nConsultTransferred" => "consultTransferred",
        "nError" => "errors",
        "tAnswered" => "answered",
        "tAbandon" => "abandoned",
        "tShortAbandon" => "shortAbandoned",
        "tFlowOut" => "flowOut",
        "tHandle" => "handled",
        _ => null,
    };

    private static string? SuggestionFor(string given)
    {
        if (DidYouMean.SameLetters(given, GenesysMetrics.Names) is { } same)
        {
            return same;
        }

        var bare = Bare(given);
        var alike = GenesysMetrics.Names.Where(name => Bare(name).Equals(bare, StringComparison.OrdinalIgnoreCase)).ToList();
        return alike is [var only] ? only : All.Find(bare, GenesysMetrics.Names) ?? DidYouMean.Typo(given, GenesysMetrics.Names);
    }

    private static string Bare(string name) => name is ['n' or 't' or 'o', >= 'A' and <= 'Z', ..] ? name[1..] : name;
}
