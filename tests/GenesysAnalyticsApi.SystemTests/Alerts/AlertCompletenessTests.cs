using System.Text.Json;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using static GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure.CannedGenesys;

namespace GenesysAnalyticsApi.SystemTests.Alerts;

/// <summary>The completeness of figures from Genesys' reply to the response of <c>GET /alerts</c>.</summary>
public sealed class AlertCompletenessTests
{
    [Fact]
    public async Task A_queue_without_conversations_has_a_complete_figure_although_a_statistic_of_another_queue_is_invalid()
    {
        var keys = new IssuedKeys().Add("sales", ("Queues:0", "Sales")).Add("billing", ("Queues:0", "Billing"));
        using var genesys = new CannedGenesys(new(keys.Settings)
        {
            ["Auth:AllowAnonymous"] = "false",
            ["Alerts:Rules:0:Name"] = "Busy day",
            ["Alerts:Rules:0:Figure"] = "offered",
            ["Alerts:Rules:0:Period"] = "today",
            ["Alerts:Rules:0:Threshold"] = "1000",
        });
        genesys.Today().With(1, Metric("nOffered", """{"count":-1}"""));

        (await IsCompleteAsync("sales")).ShouldBeFalse();
        (await IsCompleteAsync("billing")).ShouldBeTrue();

        async Task<bool> IsCompleteAsync(string holder)
        {
            using var client = genesys.Client();
            client.DefaultRequestHeaders.Add(ApiKeyAuthenticator.Header, keys[holder]);
            var meta = default(JsonElement);
            await Eventually.IsTrueAsync(
                async () =>
                {
                    var response = await client.GetStringAsync(new Uri("/alerts", UriKind.Relative), TestContext.Current.CancellationToken);
                    meta = JsonDocument.Parse(response).RootElement.GetProperty("meta");
                    return meta.GetProperty("rules")[0].GetProperty("detail").GetString()?.StartsWith("The rule has not been evaluated", StringComparison.Ordinal) != true;
                },
                "the rule has been evaluated");
            return meta.GetProperty("complete").GetBoolean();
        }
    }
}
