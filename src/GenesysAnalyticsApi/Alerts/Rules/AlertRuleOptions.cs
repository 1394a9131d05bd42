using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>A condition on a figure of each queue that the rule covers.</summary>
internal sealed class AlertRuleOptions
{
    [Required(ErrorMessage = "Give a name: alerts, metrics and webhooks show it")]
    [RegularExpression(@"\P{Cc}{1,100}", ErrorMessage = "is not a name. Give at most 100 characters, none of them a control character.")]
    public string? Name { get; set; }

    /// <summary>Ids, names or patterns of queues. If neither queues nor divisions are set, the rule covers all queues.</summary>
    public List<string> Queues { get; set; } = [];

    /// <summary>Ids of divisions. The rule covers the queues in these divisions.</summary>
    public List<string> Divisions { get; set; } = [];

    /// <summary>The figure includes only conversations of this media type. If not set, it includes conversations of all media types.</summary>
    public string? MediaType { get; set; }

    /// <summary>A figure of <c>GET /observations</c> or, with <see cref="Period"/>, a figure of <c>GET /aggregates</c>.</summary>
    [Required(ErrorMessage = "Give a figure of GET /observations, such as waiting, or, with Period, a figure of GET /aggregates, such as serviceLevel")]
    public string? Figure { get; set; }

    /// <summary>
    /// The period over which a figure of <c>GET /aggregates</c> is computed: <c>today</c>, <c>this-week</c>, <c>this-month</c>, or the length of an interval
    /// that ends now, such as <c>PT30M</c>.
    /// </summary>
    public string? Period { get; set; }

    public AlertComparison Comparison { get; set; } = AlertComparison.Above;

    /// <summary>The threshold, in the unit of the figure: conversations or users, milliseconds, or 0–1 for rates and levels.</summary>
    [Required(ErrorMessage = "Give a number in the unit of the figure: a count, milliseconds, or 0 to 1 for rates and levels")]
    public double? Threshold { get; set; }

    /// <summary>
    /// A firing alert is resolved once the condition no longer holds and the figure has reached or passed this value, or if the figure has no value. If not
    /// set, this value equals the threshold.
    /// </summary>
    public double? ClearThreshold { get; set; }

    /// <summary>How long the condition must hold before the alert fires.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan For { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// Figures older than this neither raise nor resolve an alert. If not set, the maximum age is 5 minutes for aggregate figures; for live figures, it is
    /// 1 minute or three times <c>Observations:MaxAge</c>, whichever is longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:20", "1.00:00:00")]
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Local hours without notifications, such as <c>22:00-06:00</c>. Several ranges are separated by commas.</summary>
    public string? QuietHours { get; set; }

    /// <summary>Weekdays without notifications, such as <c>sat,sun</c>.</summary>
    public string? QuietDays { get; set; }

    /// <summary>The time zone of <see cref="QuietHours"/>, <see cref="QuietDays"/> and <see cref="Period"/>. If not set, UTC.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Names of the webhooks that are notified.</summary>
    public List<string> Webhooks { get; set; } = [];
}
