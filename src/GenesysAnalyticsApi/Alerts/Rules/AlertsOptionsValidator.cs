using System.Net;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>
/// Checks the settings of rules and webhooks when the service starts. Otherwise, a mistake would be noticed only when a notification does not arrive.
/// </summary>
internal static class AlertsOptionsValidator
{
    /// <summary>The maximum number of rules. Each rule is evaluated for each of its queues, and its name is a metric label.</summary>
    public const int MaxRules = 100;

    public const int MinSecretLength = 24;

    private const string Section = AlertsOptions.Section;

    public static void Check(IConfiguration configuration, SettingsReport report)
    {
        var section = configuration.GetSection(Section);
        var allowsPrivate = bool.TryParse(section[nameof(AlertsOptions.AllowPrivateAddresses)], out var allows) && allows;
        var webhooks = section.GetSection(nameof(AlertsOptions.Webhooks)).GetChildren().ToList();
        foreach (var webhook in webhooks)
        {
            CheckWebhook(configuration, webhook, allowsPrivate, report);
        }

        var rules = section.GetSection(nameof(AlertsOptions.Rules)).GetChildren().ToList();
        var names = webhooks.Select(webhook => webhook[nameof(AlertWebhookOptions.Name)]).OfType<string>().ToList();
        foreach (var rule in rules)
        {
            CheckRule(configuration, rule, names, report);
        }

        CheckUnique(webhooks, report);
        CheckUnique(rules, report);
        if (rules.Count > MaxRules)
        {
            report.Add($"{Section}:{nameof(AlertsOptions.Rules)}", $"contains {rules.Count} rules. Give at most {MaxRules}; one rule can cover many queues.");
        }
    }

    private static void CheckWebhook(IConfiguration configuration, IConfigurationSection webhook, bool allowsPrivate, SettingsReport report)
    {
        var options = (AlertWebhookOptions)new SettingsSection(webhook.Path, typeof(AlertWebhookOptions)).Check(configuration, report);
        if (options.Url is { Length: > 0 } url && UrlFault(url, allowsPrivate) is { } fault)
        {
            report.Add($"{webhook.Path}:{nameof(options.Url)}", url, fault);
        }

        if (options.Secret is { Length: > 0 } secret && !WebhookSecret.TryRead(secret, out _))
        {
            report.Add(
                $"{webhook.Path}:{nameof(options.Secret)}", secret,
                $"is not a valid secret. Give at least {MinSecretLength} random characters, or {WebhookSecret.Prefix} and at least {WebhookSecret.MinBytes} bytes in Base64.");
        }
    }

    private static string? UrlFault(string url, bool allowsPrivate)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp) || address is not { UserInfo: "", Fragment: "" })
        {
            return "is not a valid webhook address. Give https://host/path, without a user name or a fragment.";
        }

        return allowsPrivate ? null
            : address.Scheme != Uri.UriSchemeHttps ? $"does not use https. Others on the network could read the alerts. Give https, or set {Section}:AllowPrivateAddresses=true for a receiver in your own network."
            : IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) && !PublicAddress.Is(literal)
                ? $"is not a public address. Give a public address, or set {Section}:AllowPrivateAddresses=true for a receiver in your own network."
            : null;
    }

    private static void CheckRule(IConfiguration configuration, IConfigurationSection rule, List<string> webhooks, SettingsReport report)
    {
        var options = (AlertRuleOptions)new SettingsSection(rule.Path, typeof(AlertRuleOptions)).Check(configuration, report);
        report.AddEntries(rule.GetSection(nameof(options.Queues)), queue => string.IsNullOrWhiteSpace(queue) ? "has an empty entry. Give a queue's id, its name, or a pattern with *." : null);
        report.AddEntries(rule.GetSection(nameof(options.Divisions)), division => GenesysId.Is(division) ? null : "is not a division's id (a GUID).");
        report.AddEntries(
            rule.GetSection(nameof(options.Webhooks)),
            name => webhooks.Contains(name, StringComparer.OrdinalIgnoreCase) ? null
                : webhooks.Count == 0 ? $"does not name a webhook. {Section}:Webhooks is empty; add the webhook there, or remove the name from the rule."
                : $"is not a webhook in {Section}:Webhooks. Use one of {string.Join(", ", webhooks)}.");

        if (options.TimeZone is { Length: > 0 } zone && TimeZones.Find(zone) is null)
        {
            report.Add($"{rule.Path}:{nameof(options.TimeZone)}", $"is invalid: {TimeZoneHints.Message(zone)}");
        }

        QuietHours.Parse(
            options.QuietHours, options.QuietDays, QuietHours.ZoneOf(options.TimeZone),
            fault => report.Add($"{rule.Path}:{nameof(options.QuietHours)}", options.QuietHours!, fault),
            fault => report.Add($"{rule.Path}:{nameof(options.QuietDays)}", $"is invalid: {fault}"));
        CheckFigure(rule, options, report);
        CheckThresholds(rule, options, report);
    }

    private static void CheckFigure(IConfigurationSection rule, AlertRuleOptions options, SettingsReport report)
    {
        var hasPeriod = options.Period is { Length: > 0 };
        if (hasPeriod)
        {
            AlertPeriod.Parse(options.Period!, QuietHours.ZoneOf(options.TimeZone), fault => report.Add($"{rule.Path}:{nameof(options.Period)}", $"is invalid: {fault}"));
        }

        if (options.MediaType is { Length: > 0 } mediaType)
        {
            if (!MediaTypes.Known.Contains(mediaType, StringComparer.OrdinalIgnoreCase))
            {
                report.Add($"{rule.Path}:{nameof(options.MediaType)}", $"is invalid: {DidYouMean.Message(mediaType, "a media type", MediaTypes.Known, MediaTypes.Synonyms)}");
            }
            else if (!hasPeriod && AlertableFigures.OfUsers.Contains(options.Figure ?? ""))
            {
                report.Add($"{rule.Path}:{nameof(options.MediaType)}", mediaType, $"cannot be combined with {options.Figure}: users belong to no media type. Remove MediaType.");
            }
        }

        if (options.Figure is { Length: > 0 } figure && FigureFault(figure, hasPeriod) is { } figureFault)
        {
            report.Add($"{rule.Path}:{nameof(options.Figure)}", figure, figureFault);
        }
    }

    private static string? FigureFault(string figure, bool hasPeriod)
    {
        IReadOnlyCollection<string> known = hasPeriod ? [.. AlertableFigures.OfAggregates.Keys] : AlertableFigures.Live;
        return known.Contains(figure, StringComparer.Ordinal) ? null
            : hasPeriod && AlertableFigures.Live.Contains(figure) ? "is a live figure, which has no Period. Remove the Period, or give a figure of GET /aggregates."
            : !hasPeriod && AlertableFigures.OfAggregates.ContainsKey(figure) ? "is a figure of GET /aggregates, which needs a Period, such as today or PT30M."
            : $"is not a figure of {(hasPeriod ? "GET /aggregates" : "GET /observations")}."
                + (DidYouMean.To(figure, known) is { } suggestion ? $" Did you mean '{suggestion}'?" : hasPeriod ? "" : $" Use one of {string.Join(", ", known)}.");
    }

    private static void CheckThresholds(IConfigurationSection rule, AlertRuleOptions options, SettingsReport report)
    {
        if (options is not { Threshold: { } threshold, ClearThreshold: { } clear })
        {
            return;
        }

        var isUpwards = options.Comparison.IsUpwards();
        if (isUpwards ? clear > threshold : clear < threshold)
        {
            report.Add(
                $"{rule.Path}:{nameof(options.ClearThreshold)}", clear,
                FormattableString.Invariant($"is {(isUpwards ? "above" : "below")} the threshold {threshold}, so an alert could be resolved while its condition still holds. Give {(isUpwards ? "at most" : "at least")} {threshold}."));
        }
    }

    /// <summary>Ignores the letter case of names, as the <c>rule</c> filter of <c>GET /alerts</c> does.</summary>
    private static void CheckUnique(IEnumerable<IConfigurationSection> entries, SettingsReport report)
    {
        foreach (var group in entries.Where(entry => !string.IsNullOrWhiteSpace(entry["Name"])).GroupBy(entry => entry["Name"]!, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            report.Add($"{group.Last().Path}:Name", group.Key, $"is also the name of {group.First().Path}. Give a different name.");
        }
    }
}
