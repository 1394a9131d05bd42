using System.Net;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Request;

/// <summary>Every parameter combines with every other, or the error names both.</summary>
public sealed class PairwiseTests
{
    /// <summary>Valid values other than the defaults, so that each has an effect. The intervals are short, because only the combination matters.</summary>
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["from"] = ["2026-11-22"],
        ["to"] = ["2026-11-23"],
        ["interval"] = ["2026-11-22T00:00:00Z/2026-11-23T00:00:00Z"],
        ["last"] = ["P2D"],
        ["period"] = ["yesterday"],
        ["timeZone"] = ["Europe/Berlin"],
        ["granularity"] = ["PT1H", "P1D"],
        ["queueId"] = ["565fa87f-2921-45c7-85d7-10e306fcfb6e"],
        ["queue"] = ["Billing*"],
        ["divisionId"] = ["00000000-0000-4000-8000-000000000000"],
        ["mediaType"] = ["callback"],
        ["messageType"] = ["whatsapp"],
        ["direction"] = ["inbound"],
        ["userId"] = ["565fa87f-2921-45c7-85d7-10e306fcfb6e"],
        ["user"] = ["A*"],
        ["wrapUpCode"] = ["ININ-WRAP-UP-TIMEOUT"],
        ["groupBy"] = ["none", "divisionId", "messageType,direction", "userId,wrapUpCode"],
        ["metric"] = ["tAlert,oServiceLevel"],
        ["serviceLevelThresholdMs"] = ["20000"],
        ["fill"] = ["zero"],
        ["hours"] = ["08:00-18:00"],
        ["weekdays"] = ["sat-sun"],
        ["totals"] = ["true"],
        ["compare"] = ["previous-week"],
        ["sort"] = ["-offered"],
        ["limit"] = ["3"],
        ["format"] = [.. ResponseFormat.Names],
        ["bom"] = ["true"],
        ["partial"] = ["deny"],
        ["maxAge"] = ["86400"],
        ["explain"] = ["true"],
    };

    [Fact]
    public async Task Every_pair_of_parameters_gives_figures_or_an_error_that_names_both()
    {
        Values.Keys.ShouldBe(AggregatesParameters.Names, ignoreOrder: false, "a new parameter needs a value here");
        using var service = RunningService.Simulated();
        using var client = service.CreateClient();
        var faults = new List<string>();
        foreach (var (one, other) in Pairs())
        {
            // A pair without an interval covers the default interval, the last 24 hours.
            var query = $"{one.Name}={Uri.EscapeDataString(one.Value)}&{other.Name}={Uri.EscapeDataString(other.Value)}";
            using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
            if (response.StatusCode != HttpStatusCode.OK && !await NamesBothAsync(response, one.Name, other.Name))
            {
                faults.Add($"{query}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            }
        }

        faults.ShouldBeEmpty();
    }

    private static IEnumerable<((string Name, string Value) One, (string Name, string Value) Other)> Pairs() =>
        from one in Values
        from other in Values
        where string.CompareOrdinal(one.Key, other.Key) < 0
        from value in one.Value
        from otherValue in other.Value
        select ((one.Key, value), (other.Key, otherValue));

    /// <summary>One name is the key of an error, the other is in its message. If a parameter needs a third one, the message can name that instead.</summary>
    private static async Task<bool> NamesBothAsync(HttpResponseMessage response, string one, string other)
    {
        var errors = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["errors"]?.AsObject();
        return errors is not null && errors.All(error => error.Key == one || error.Key == other)
            && errors.Any(error => error.Value!.AsArray().Any(message => message!.ToString() is var text
                && (text.Contains($"'{(error.Key == one ? other : one)}'", StringComparison.Ordinal) || text.Contains(" needs '", StringComparison.Ordinal))));
    }
}
