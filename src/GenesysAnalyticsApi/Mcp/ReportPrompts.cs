using System.ComponentModel;
using GenesysAnalyticsApi.Mcp.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Prompts for common reports. Each prompt names the tools to call, and tells the model to state how reliable the figures are.</summary>
[McpServerPromptType]
internal sealed class ReportPrompts
{
    private const string Rules = " State the interval and the reliability that the tool returns. Do not compute figures that the tool returns. Do not treat null as zero. Durations are in milliseconds: write them as m:ss.";

    private const string IncidentGranularity = "PT15M";
    private const string IncidentCompare = "previous-week";

    [McpServerPrompt(Name = "daily_report", Title = "Daily report")]
    [Description("How the queues performed on a day, compared with the day before.")]
    public static string DailyReport(
        [Description("The day: today, yesterday or a date such as 2026-11-20; yesterday if omitted.")] string? day = null,
        [Description("IANA time zone; UTC if omitted.")] string? timeZone = null,
        [Description("A queue or a pattern; all queues if omitted.")] string? queue = null) =>
        $"Write a daily report for {Queues(queue)} for {day ?? "yesterday"} ({timeZone ?? "UTC"}). Call queue_figures once with period (or from and to), timeZone, compare=previous and limit 10. "
        + "Begin with the total: offered, answered, abandon rate, service level against its target, average speed of answer, average handle time, each with its change. Then name the three "
        + "queues that most need attention, and say why. Call queue_figures a second time, with granularity PT1H, only to explain the figures of one of these queues." + Rules;

    [McpServerPrompt(Name = "queue_comparison", Title = "Comparison of queues")]
    [Description("Compares two queues for a period.")]
    public static string QueueComparison(
        [Description("The first queue, by name.")] string first,
        [Description("The second queue, by name.")] string second,
        [Description("A period word; last-week if omitted.")] string? period = null,
        [Description("IANA time zone; UTC if omitted.")] string? timeZone = null) =>
        $"Compare the queues '{first}' and '{second}' for {period ?? "last-week"} ({timeZone ?? "UTC"}). Call queue_figures once with both queues and compare=previous. Show a table with one column per "
        + "queue and one row per figure. Explain the largest difference; call explain_figure if you are not certain what the figure means." + Rules;

    [PromptQuery(IncidentGranularity, IncidentCompare)]
    [McpServerPrompt(Name = "incident_review", Title = "Review of an incident")]
    [Description("What happened in a queue during a time range, compared with the week before.")]
    public static string IncidentReview(
        [Description("The queue, by name.")] string queue,
        [Description("Start, such as 2026-11-20T09:00.")] string from,
        [Description("End, such as 2026-11-20T12:00.")] string to,
        [Description("IANA time zone; UTC if omitted.")] string? timeZone = null) =>
        $"Review what happened in the queue '{queue}' from {from} to {to} ({timeZone ?? "UTC"}). Call queue_figures with granularity {IncidentGranularity} and compare={IncidentCompare}. Find the buckets in which waits or abandons "
        + "rose, and the time at which they returned to normal. If the caller has the details scope, call conversations with minWaitTimeMs for three examples. If figures are incomplete or surprising, call data_health." + Rules;

    private static string Queues(string? queue) => queue is null ? "all queues" : $"the queue '{queue}'";
}
