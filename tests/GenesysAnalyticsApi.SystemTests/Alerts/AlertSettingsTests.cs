using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.SystemTests.Hosting;
using Microsoft.Extensions.Configuration;

namespace GenesysAnalyticsApi.SystemTests.Alerts;

/// <summary>An invalid rule or webhook prevents the start, and the error names the remedy.</summary>
public sealed class AlertSettingsTests
{
    private static readonly Dictionary<string, string?> Valid = new(SettingsValidationTests.Complete)
    {
        ["Alerts:Rules:0:Name"] = "Long waits",
        ["Alerts:Rules:0:Figure"] = "longestWaitMs",
        ["Alerts:Rules:0:Threshold"] = "120000",
        ["Alerts:Rules:0:Webhooks:0"] = "chat",
        ["Alerts:Webhooks:0:Name"] = "Chat",
        ["Alerts:Webhooks:0:Url"] = "https://alerts.example.com/genesys?token=planted",
        ["Alerts:Webhooks:0:Secret"] = "planted-secret-of-24-characters",
    };

    [Theory]
    [InlineData("Rules:0:Name", null, "Alerts:Rules:0:Name is missing. Give a name: alerts, metrics and webhooks show it (environment variable Alerts__Rules__0__Name).")]
    [InlineData("Rules:0:Figure", "waitin", "Alerts:Rules:0:Figure = 'waitin' is not a figure of GET /observations. Did you mean 'waiting'?")]
    [InlineData("Rules:0:Figure", "serviceLevel", "Alerts:Rules:0:Figure = 'serviceLevel' is a figure of GET /aggregates, which needs a Period, such as today or PT30M.")]
    [InlineData("Rules:0:Threshold", null, "Alerts:Rules:0:Threshold is missing. Give a number in the unit of the figure: a count, milliseconds, or 0 to 1 for rates and levels (environment variable Alerts__Rules__0__Threshold).")]
    [InlineData("Rules:0:Threshold", "2 minutes", "Alerts:Rules:0:Threshold = '2 minutes' is not a number.")]
    [InlineData("Rules:0:Threshold", "NaN", "Alerts:Rules:0:Threshold = 'NaN' is not a number.")]
    [InlineData("Rules:0:ClearThreshold", "120001", "Alerts:Rules:0:ClearThreshold = '120001' is above the threshold 120000, so an alert could be resolved while its condition still holds. Give at most 120000.")]
    [InlineData("Rules:0:Comparison", "More", "Alerts:Rules:0:Comparison = 'More' is none of Above, AtLeast, Below, AtMost. The default is Above.")]
    [InlineData("Rules:0:For", "60", "Alerts:Rules:0:For = '60' is not a duration. Give hours:minutes:seconds, such as 00:00:30, or days.hours:minutes:seconds. The default is 00:00:00.")]
    [InlineData("Rules:0:MaxAge", "00:00:05", "Alerts:Rules:0:MaxAge = '00:00:05' is out of range. Give a value from 00:00:20 to 1.00:00:00.")]
    [InlineData("Rules:0:QuietHours", "22-6", "Alerts:Rules:0:QuietHours = '22-6' is not a range of local hours: write HH:mm-HH:mm, for example 08:00-20:00, or 22:00-06:00 for a range across midnight.")]
    [InlineData("Rules:0:TimeZone", "Europe/Berln", "Alerts:Rules:0:TimeZone is invalid: 'Europe/Berln' is not a time zone (for example Europe/Berlin, W. Europe Standard Time, or an offset in steps of 15 minutes from -12:00 to +14:00). Did you mean 'Europe/Berlin'?")]
    [InlineData("Rules:0:Webhooks:0", "mail", "Alerts:Rules:0:Webhooks = 'mail' is not a webhook in Alerts:Webhooks. Use one of Chat.")]
    [InlineData("Rules:0:Queues:0", " ", "Alerts:Rules:0:Queues = ' ' has an empty entry. Give a queue's id, its name, or a pattern with *.")]
    [InlineData("Rules:0:Queue", "Billing", "Alerts:Rules:0:Queue is not a setting; the closest is Alerts:Rules:0:Queues.")]
    [InlineData("Webhooks:0:Url", "alerts.example.com", "Alerts:Webhooks:0:Url (value not shown) is not a valid webhook address. Give https://host/path, without a user name or a fragment.")]
    [InlineData("Webhooks:0:Url", "http://alerts.example.com/planted", "Alerts:Webhooks:0:Url (value not shown) does not use https. Others on the network could read the alerts. Give https, or set Alerts:AllowPrivateAddresses=true for a receiver in your own network.")]
    [InlineData("Webhooks:0:Url", "https://[::ffff:10.0.0.1]/", "Alerts:Webhooks:0:Url (value not shown) is not a public address. Give a public address, or set Alerts:AllowPrivateAddresses=true for a receiver in your own network.")]
    [InlineData("Webhooks:0:Url", "https://169.254.169.254/latest", "Alerts:Webhooks:0:Url (value not shown) is not a public address. Give a public address, or set Alerts:AllowPrivateAddresses=true for a receiver in your own network.")]
    [InlineData("Webhooks:0:Url", "https://2130706433/", "Alerts:Webhooks:0:Url (value not shown) is not a public address. Give a public address, or set Alerts:AllowPrivateAddresses=true for a receiver in your own network.")]
    [InlineData("Webhooks:0:Secret", "planted", "Alerts:Webhooks:0:Secret (value not shown) is not a valid secret. Give at least 24 random characters, or whsec_ and at least 16 bytes in Base64.")]
    [InlineData("Webhooks:0:Secret", "whsec_no-base64-at-all-planted", "Alerts:Webhooks:0:Secret (value not shown) is not a valid secret. Give at least 24 random characters, or whsec_ and at least 16 bytes in Base64.")]
    public void An_invalid_setting_is_reported_with_its_remedy(string key, string? value, string expected) =>
        FaultsOf(new(Valid) { [$"Alerts:{key}"] = value }).ShouldBe([expected]);

    [Theory]
    [InlineData("Period", "yesterday", "Alerts:Rules:0:Period is invalid: 'yesterday' is not a period of an alert. Use one of today, this-week, this-month, or a duration from 5 minutes to 31 days, such as PT30M or 30m.")]
    [InlineData("Period", "P1Y", "Alerts:Rules:0:Period is invalid: 'P1Y' is not a period of an alert. Use one of today, this-week, this-month, or a duration from 5 minutes to 31 days, such as PT30M or 30m.")]
    [InlineData("Figure", "waiting", "Alerts:Rules:0:Figure = 'waiting' is a live figure, which has no Period. Remove the Period, or give a figure of GET /aggregates.")]
    public void A_rule_over_aggregates_is_checked(string key, string value, string expected) =>
        FaultsOf(new(Valid) { ["Alerts:Rules:0:Period"] = "PT30M", ["Alerts:Rules:0:Figure"] = "offered", [$"Alerts:Rules:0:{key}"] = value }).ShouldBe([expected]);

    [Fact]
    public void All_faults_are_reported_at_once() => FaultsOf(new(Valid)
    {
        ["Alerts:Rules:0:Figure"] = "nothing",
        ["Alerts:Rules:0:For"] = "never",
        ["Alerts:Rules:1:Name"] = "LONG WAITS",
        ["Alerts:Rules:1:Figure"] = "onQueueUsers",
        ["Alerts:Rules:1:MediaType"] = "voice",
        ["Alerts:Webhooks:0:Secret"] = "short",
    }).Count.ShouldBe(6);

    [Theory]
    [InlineData("Figure=answerRate Period=30m Comparison=Below Threshold=0.8 ClearThreshold=0.85")]
    [InlineData("Figure=serviceLevel Period=today TimeZone=Europe/Berlin QuietHours=22:00-06:00,12:00-13:00 QuietDays=sat-sun")]
    [InlineData("Figure=onQueueUsers Comparison=Below Threshold=2 For=00:05:00 Queues:0=Bill*")]
    [InlineData("Figure=waiting MediaType=Voice Threshold=-1")]
    public void A_valid_rule_is_accepted(string settings)
    {
        var given = new Dictionary<string, string?>(Valid);
        foreach (var setting in settings.Split(' ').Select(text => text.Split('=')))
        {
            given[$"Alerts:Rules:0:{setting[0]}"] = setting[1];
        }

        FaultsOf(given).ShouldBeEmpty();
    }

    [Fact]
    public void Private_receivers_are_accepted_when_they_are_allowed() =>
        FaultsOf(new(Valid) { ["Alerts:AllowPrivateAddresses"] = "true", ["Alerts:Webhooks:0:Url"] = "http://10.0.0.1:8080/hook" }).ShouldBeEmpty();

    private static IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings) => SettingsValidation.FindFaults(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Where(setting => setting.Value is not null)).Build(), new SettingsValidationTests.NamedEnvironment("Production"), [GenesysClient.Http]);
}
