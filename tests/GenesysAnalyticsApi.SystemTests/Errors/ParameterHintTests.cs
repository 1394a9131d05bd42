using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Request;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Stream;
using GenesysAnalyticsApi.Reconciliation;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>Endpoints share the rules of parameters, but not all parameters: an error suggests only parameters that the endpoint has.</summary>
public sealed partial class ParameterHintTests
{
    /// <summary>Each is invalid for some parameters. The last ones are too many ids and too many names.</summary>
    private static readonly string[] Values = ["x", "1.5", "", "metrics.tAlert.sum", string.Join(',', Enumerable.Range(0, 1_001))];

    private readonly IssuedKeys _keys = new IssuedKeys().Add("lead", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Scopes:2", "agents"), ("Scopes:3", "operator"));

    [Theory]
    [InlineData("/conversations?userId=x", "'x' is not a user id (a GUID).")]
    [InlineData("/aggregates?userId=x", "'x' is not a user id (a GUID). Select agents by name with user=Anna*.")]
    [InlineData("/conversations?queueId=x", "'x' is not a queue id (a GUID). Select queues by name with queue=Billing*.")]
    public async Task An_id_that_is_not_one_gets_a_hint_to_a_parameter_of_the_same_endpoint(string query, string expected)
    {
        await using var given = await StartAsync();

        (await ErrorsAsync(given, query)).ShouldBe([expected]);
    }

    [Fact]
    public async Task No_error_suggests_a_parameter_that_the_endpoint_does_not_have()
    {
        await using var given = await StartAsync();
        var suggestions = 0;
        foreach (var (path, names) in new (string, IReadOnlyList<string>)[]
        {
            ("/aggregates", AggregatesParameters.Names), ("/conversations", ConversationsParameters.Names), ("/observations", ObservationsParameters.Names),
            ("/observations/stream", StreamParameters.Names), ("/reconciliation", ReconciliationParameters.Names),
        })
        {
            foreach (var query in names.SelectMany(name => Values.Select(value => $"{name}={value}")).Concat(["queue=a" + string.Concat(Enumerable.Repeat("&queue=a", 50))]))
            {
                foreach (var error in await ErrorsAsync(given, $"{path}?{query}"))
                {
                    var suggested = Suggested().Matches(error).Select(match => match.Groups["name"].Value).ToList();
                    suggested.ShouldBeSubsetOf(names, $"{path}?{query[..Math.Min(query.Length, 80)]}: {error}");
                    suggestions += suggested.Count;
                }
            }
        }

        suggestions.ShouldBeGreaterThan(10);
    }

    private Task<SimulatedService> StartAsync() =>
        SimulatedService.StartAsync(settings: new Dictionary<string, string>(_keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey" });

    private async Task<IReadOnlyList<string>> ErrorsAsync(SimulatedService given, string query)
    {
        using var client = _keys.Of("lead", given.Service);
        using var response = await client.GetAsync(new Uri(query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return [];
        }

        var problem = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return problem.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().SelectMany(error => error.Value.EnumerateArray()).Select(message => message.GetString()!)] : [];
    }

    /// <summary>A parameter with a value, or in quotes after "needs".</summary>
    [GeneratedRegex(@"needs '(?<name>\w+)'|\b(?<name>\w+)=", RegexOptions.ExplicitCapture)]
    private static partial Regex Suggested();
}
