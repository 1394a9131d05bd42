using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>Rules for figures of queues, and the webhooks that are notified when an alert fires or is resolved.</summary>
internal sealed class AlertsOptions
{
    public const string Section = "Alerts";

    /// <summary>Whether webhooks may have any address, including loopback, private and link-local addresses, and may use http.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>The file in which the alerts are stored, so that they survive a restart. With <c>Cache:Redis</c>, Redis stores the alerts instead.</summary>
    public string? StateFile { get; set; }

    /// <summary>The rules. Their keys are arbitrary: <c>Alerts:Rules:0:Name</c>, <c>Alerts:Rules:waiting:Name</c>.</summary>
    public Dictionary<string, AlertRuleOptions> Rules { get; set; } = [];

    /// <summary>The webhooks. Their keys are arbitrary.</summary>
    public Dictionary<string, AlertWebhookOptions> Webhooks { get; set; } = [];
}

/// <summary>A receiver of notifications.</summary>
internal sealed class AlertWebhookOptions
{
    [Required(ErrorMessage = "Give a name: rules refer to the webhook by it")]
    [RegularExpression(@"\P{Cc}{1,100}", ErrorMessage = "is not a name. Give at most 100 characters, none of them a control character.")]
    public string? Name { get; set; }

    /// <summary>The address to which notifications are sent. Marked secret, because such addresses often contain a token.</summary>
    [Secret]
    [Required(ErrorMessage = "Give the address to which notifications are sent, such as https://alerts.example.com/genesys")]
    public string? Url { get; set; }

    /// <summary>The key of the signature: at least 24 characters, or <c>whsec_</c> and at least 16 bytes in Base64.</summary>
    [Secret]
    [Required(ErrorMessage = "Give a random secret of at least 24 characters, with which the receiver verifies the signature")]
    public string? Secret { get; set; }
}
