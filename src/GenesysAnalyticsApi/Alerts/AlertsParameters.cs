using System.ComponentModel;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>The raw parameters of <c>GET /alerts</c>.</summary>
internal sealed record AlertsParameters
{
    /// <summary>The names of the parameters, all of which may be repeated.</summary>
    public static readonly IReadOnlyList<string> ParameterNames = ["state", "rule"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Metadata = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["state"] = new("firing") { Values = AlertNames.States },
        ["rule"] = new("Long waits"),
    };

    private static readonly Func<string, string?> IsState = ParameterRules.OneOf("an alert state", AlertNames.States);

    [FromQuery(Name = "state")]
    [Description("Only alerts in these states; repeat the parameter or separate states with commas. If absent, alerts in all states.")]
    public string[]? State { get; init; }

    [FromQuery(Name = "rule")]
    [Description("Only alerts of the rules with these names, in any letter case; repeat the parameter to name several rules. If absent, alerts of all rules.")]
    public string[]? Rule { get; init; }

    public IReadOnlyList<string> States => ParameterRules.Items(State);

    public Dictionary<string, string[]> Errors(IReadOnlyCollection<AlertRule> rules)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Add("state", States.Select(IsState));
        Add("rule", (Rule ?? []).Select(ParameterRules.OneOf("an alert rule", [.. rules.Select(rule => rule.Name)], comparer: StringComparer.OrdinalIgnoreCase)));
        return errors;

        void Add(string name, IEnumerable<string?> messages)
        {
            if (messages.OfType<string>().Distinct().Take(10).ToArray() is { Length: > 0 } found)
            {
                errors[name] = found;
            }
        }
    }
}
