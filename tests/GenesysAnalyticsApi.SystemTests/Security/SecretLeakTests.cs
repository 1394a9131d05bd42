using System.Net;
using System.Text;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.SystemTests.Hosting;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.Configuration;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Plants every secret that the service has or can be given, and checks that none leaves the service.</summary>
public sealed class SecretLeakTests : IAsyncLifetime
{
    private const string ClientSecret = RunningService.PlantedSecret;
    private const string AccessToken = "planted-access-token-51c9";
    private const string RedisPassword = "planted-redis-password-90ab";
    private const string WrongKey = "gaa_plantedWrongKey-0123456789abcdefghijklmnopq";

    private static readonly string Basic = Convert.ToBase64String(Encoding.Latin1.GetBytes($"test-client:{ClientSecret}"));

    private readonly IssuedKeys _keys = new IssuedKeys().Add("reader").Add("operator", ("Scopes:0", "operator"), ("Scopes:1", "read")).Add("left", ("Expires", "2020-01-01T00:00:00Z"));
    private TokenProvider _provider = null!;
    private string _goodToken = "";
    private string _oldToken = "";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await TokenProvider.StartAsync();
        (_goodToken, _oldToken) = (_provider.Issue(SimulatedService.Monday), _provider.Issue(SimulatedService.Monday.AddDays(-1)));
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    public static TheoryData<string> Behaviors => ["well", "login quotes", "login moved", "API quotes", "API forbids", "API pauses", "API is unreadable", "API throws"];

    [Theory]
    [MemberData(nameof(Behaviors))]
    public async Task No_secret_leaves_the_service_for_any_query_and_any_failure(string upstream)
    {
        using var service = Service(FaultyUpstream(upstream));
        var shown = new StringBuilder();
        using var client = service.CreateClient();
        client.BaseAddress = new("http://localhost");

        // The pages send no Genesys requests and are slow to create, so they are requested only once.
        foreach (var query in upstream == "well" ? Queries().Concat(Pages) : Queries())
        {
            foreach (var (header, value) in Credentials())
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, query);
                request.Headers.TryAddWithoutValidation(header, value);
                using var response = await client.SendAsync(request, TestCancellation);
                shown.AppendLine($"{(int)response.StatusCode} {response.Headers} {response.Content.Headers}").AppendLine(await response.Content.ReadAsStringAsync(TestCancellation));
            }
        }

        shown.ToString().ShouldContain(upstream == "well" ? "\"records\"" : "/problems/genesys-");
        ShouldHaveNoSecret(shown.ToString(), "responses");
        var log = service.Log.AsText();
        ShouldHaveNoSecret(log, "the readable log");
        ShouldHaveNoSecret(service.Log.AsJson(), "the JSON log");
        log.ShouldContain("api_key=***");
    }

    [Fact]
    public void Messages_about_invalid_settings_contain_no_secret()
    {
        var planted = new Dictionary<string, string?>(SettingsValidationTests.Complete)
        {
            ["Genesys:Region"] = $"https://me:{ClientSecret}@nowhere",
            ["Genesys:ApiBaseUrl"] = $"https://me:{ClientSecret}@proxy",
            ["Genesys:LoginBaseUrl"] = $"ftp://me:{ClientSecret}@proxy",
            ["Genesys:ClientSecrte"] = ClientSecret,
            ["Genesys:AttemptTimeout"] = "soon",
            ["Cache:Redis"] = $"redis://:{RedisPassword}@redis",
            ["Auth:Keys:0:Name"] = _keys["reader"] + "\n",
            ["Auth:Keys:0:Sha256"] = _keys["reader"],
            ["Auth:Keys:0:Scopes:0"] = _keys["reader"],
            ["Auth:Keys:0:Divisions:0"] = WrongKey,
            ["Auth:Keys:0:Expires"] = _goodToken,
        };
        var jwt = new Dictionary<string, string?>(SettingsValidationTests.Complete)
        {
            ["Auth:Mode"] = "Jwt",
            ["Auth:Jwt:Authority"] = $"http://me:{ClientSecret}@provider.example",
        };

        foreach (var settings in new[] { planted, jwt })
        {
            var faults = SettingsValidation.FindFaults(
                new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new SettingsValidationTests.NamedEnvironment("Production"), [GenesysClient.Http]);

            faults.ShouldNotBeEmpty();
            ShouldHaveNoSecret(string.Join('\n', faults), "faults");
        }
    }

    private RunningService Service(FakeUpstream upstream) => new()
    {
        // After an unreadable reply, the service repeats the request after a pause, which is short on a fast clock.
        Clock = new FastClock(SimulatedService.Monday, speed: 40),
        Upstream = upstream,
        Settings = new(_keys.Settings)
        {
            ["Auth:Mode"] = "ApiKey, Jwt, Anonymous",
            ["Auth:Jwt:Authority"] = _provider.Authority,
            ["Auth:Jwt:Audience"] = TokenProvider.Audience,
            ["Cache:Redis"] = $"127.0.0.1:1,password={RedisPassword},connectTimeout=100",
            ["Serilog:MinimumLevel:Default"] = "Verbose",
            ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore"] = "Verbose",
            ["Serilog:MinimumLevel:Override:System.Net.Http.HttpClient"] = "Verbose",
            ["Serilog:MinimumLevel:Override:Polly"] = "Verbose",
        },
    };

    private static string[] Pages => ["/swagger/v1/swagger.json", "/swagger/index.html"];

    private IEnumerable<string> Queries()
    {
        yield return "/aggregates?last=PT1H";
        yield return "/aggregates?last=PT1H&explain=true";
        yield return "/queues";
        yield return "/health/ready";
        yield return "/health/live";
        foreach (var secret in new[] { _keys["reader"], WrongKey, _goodToken })
        {
            yield return $"/aggregates?api_key={secret}";
            yield return $"/aggregates?token={secret}&access_token={secret}&last=PT1H";
            yield return $"/aggregates?{secret}=1&queueId={secret}&timeZone={secret}&from={secret}&metric={secret}";
            yield return $"/aggregates?last=PT1H&queue={secret}";
            yield return $"/queues?name={secret}&cursor={secret}";
            yield return $"/queues/{secret}";
            yield return $"/wrapup-codes?name={secret}&cursor={secret}";
            yield return $"/users/{secret}";
            yield return $"/problems/{secret}";
            yield return $"/{secret}/x?key={secret}";
        }

        yield return $"/aggregates?client_secret={ClientSecret}&password={RedisPassword}&authorization=Basic%20{Uri.EscapeDataString(Basic)}";
    }

    private IEnumerable<(string Header, string Value)> Credentials() =>
    [
        ("X-Odd", "none"), ("X-Api-Key", _keys["reader"]), ("X-Api-Key", _keys["operator"]), ("X-Api-Key", _keys["left"]), ("X-Api-Key", WrongKey), ("X-Api-Key", $"{WrongKey}, {WrongKey}"),
        ("Authorization", $"Bearer {_goodToken}"), ("Authorization", $"Bearer {_oldToken}"), ("Authorization", $"Bearer {_goodToken}x"), ("Authorization", $"Bearer {WrongKey}"),
        ("Accept", _goodToken), ("If-None-Match", WrongKey),
    ];

    private static FakeUpstream FaultyUpstream(string fails)
    {
        var quoting = $$"""{"message":"No: {{ClientSecret}} {{Basic}} {{AccessToken}}","code":"{{AccessToken}}{{Basic}}","contextId":"{{AccessToken}}"}""";
        var upstream = new FakeUpstream()
            .On(HttpMethod.Post, "/oauth/token", request => fails switch
            {
                "login quotes" => Reply(HttpStatusCode.Unauthorized, $$"""{"error":"{{Basic}}","error_description":"{{request.Headers.Authorization}} with {{ClientSecret}}"}""", ClientSecret),
                "login moved" => Reply(HttpStatusCode.NotFound, $$"""{"message":"{{Basic}}","code":"{{ClientSecret}}"}"""),
                _ => Reply(HttpStatusCode.OK, $$"""{"access_token":"{{AccessToken}}","token_type":"bearer","expires_in":86400}"""),
            })
            .On(HttpMethod.Get, "/api/v2/routing/queues", request => fails.StartsWith("API", StringComparison.Ordinal)
                ? Failing(fails, quoting.Replace(ClientSecret, "", StringComparison.Ordinal).Replace(Basic, "", StringComparison.Ordinal))
                : Reply(HttpStatusCode.OK, """{"entities":[],"pageNumber":1,"pageCount":0}"""))
            .On(HttpMethod.Get, "/api/v2/routing/wrapupcodes", request => fails.StartsWith("API", StringComparison.Ordinal)
                ? Failing(fails, quoting.Replace(ClientSecret, "", StringComparison.Ordinal).Replace(Basic, "", StringComparison.Ordinal))
                : Reply(HttpStatusCode.OK, """{"entities":[],"pageNumber":1,"pageCount":0}"""))
            .On(HttpMethod.Post, "/api/v2/analytics/conversations/aggregates/query", request => fails.StartsWith("API", StringComparison.Ordinal)
                ? Failing(fails, quoting.Replace(ClientSecret, "", StringComparison.Ordinal).Replace(Basic, "", StringComparison.Ordinal))
                : Reply(HttpStatusCode.OK, "{}"));
        return upstream;
    }

    private static HttpResponseMessage Failing(string fails, string quoting) => fails switch
    {
        "API quotes" => Reply(HttpStatusCode.BadRequest, quoting, AccessToken),
        "API forbids" => Reply(HttpStatusCode.Forbidden, quoting, AccessToken),
        "API pauses" => Paused(Reply(HttpStatusCode.ServiceUnavailable, quoting, AccessToken)),
        "API is unreadable" => Reply(HttpStatusCode.NotFound, $"<html>{AccessToken}</html>"),
        _ => throw new InvalidOperationException($"The proxy did not take {AccessToken}."),
    };

    private static HttpResponseMessage Paused(HttpResponseMessage response)
    {
        response.Headers.Add("Retry-After", "120");
        return response;
    }

    private static HttpResponseMessage Reply(HttpStatusCode status, string body, string? correlationId = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (correlationId is not null)
        {
            response.Headers.Add("ININ-Correlation-Id", correlationId);
        }

        return response;
    }

    private void ShouldHaveNoSecret(string text, string where)
    {
        // Even a part of a secret must not leak, so parts are searched for. The first characters of a key or token are common to all and are skipped.
        string[] secrets =
        [
            ClientSecret, Basic, AccessToken, RedisPassword, WrongKey[4..16], _keys["reader"][4..16], _keys["operator"][4..16], _keys["left"][4..16],
            _goodToken.Split('.')[1][..24], _goodToken.Split('.')[2][..16], _oldToken.Split('.')[2][..16],
        ];
        foreach (var secret in secrets)
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            (at < 0).ShouldBeTrue(at < 0 ? "" : $"In {where}: …{text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)]}");
        }
    }
}
