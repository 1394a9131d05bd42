using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;
using Microsoft.IdentityModel.Tokens;

namespace GenesysAnalyticsApi.SystemTests.Security.Authentication;

public sealed class TokenTests : IAsyncLifetime
{
    private TokenProvider _provider = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => SimulatedService.Monday;

    public async ValueTask InitializeAsync() => _provider = await TokenProvider.StartAsync();

    [Fact]
    public async Task A_valid_token_is_accepted()
    {
        await using var service = await StartAsync();

        (await QueryAsync(service, "/queues", _provider.Issue(Now))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>RFC 7515, 4.1.11: the list must not be empty, and a token with an unknown critical extension is invalid.</summary>
    [Theory]
    [InlineData("[\"exp\"]")]
    [InlineData("[\"b64\"]")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"exp\"")]
    [InlineData("{}")]
    public async Task A_token_with_a_critical_extension_is_rejected(string crit)
    {
        await using var service = await StartAsync();
        var token = _provider.Issue(Now, token => token.AdditionalHeaderClaims = new Dictionary<string, object> { ["crit"] = JsonSerializer.Deserialize<JsonElement>(crit) });

        var response = await QueryAsync(service, "/queues", token);

        Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(token.Split('.')[0])).ShouldContain($"\"crit\":{crit}");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("The token has a critical header (crit), and this service supports no token extensions.");
    }

    public static TheoryData<string> Faults =>
    [
        "audience", "issuer", "expired", "not yet", "no expiry", "no subject", "another key", "none", "shared secret", "cut", "no token",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_invalid_token_is_rejected_and_never_echoed(string fault)
    {
        await using var service = await StartAsync();
        var token = Faulty(fault);

        var response = await QueryAsync(service, "/queues", token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        var body = await response.Content.ReadAsStringAsync(TestCancellation);
        JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString().ShouldBe("/problems/unauthenticated");
        body.ShouldNotContain("IDX");
        body.ShouldNotContain(TokenProvider.Audience);
        service.Service.Log.Events.Select(RecordedLog.Text).ShouldNotContain(line => line.Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("read", 200)]
    [InlineData("other details", 403)]
    [InlineData("", 403)]
    public async Task Scopes_are_read_from_a_claim(string scopes, int expected)
    {
        await using var service = await StartAsync();

        ((int)(await QueryAsync(service, "/queues", _provider.Issue(Now, token => token.Claims["scope"] = scopes))).StatusCode).ShouldBe(expected);
        ((int)(await QueryAsync(service, "/queues", _provider.Issue(Now, token => token.Claims["scope"] = scopes.Split(' ')))).StatusCode).ShouldBe(expected);
    }

    [Fact]
    public async Task Queues_are_read_from_a_claim_and_none_is_visible_without_it()
    {
        await using var service = await StartAsync(("Auth:Jwt:QueuesClaim", "queues"));
        var all = service.Simulator.World.Queues.Where(queue => queue.IsListed).ToList();

        var named = await QueuesAsync(service, _provider.Issue(Now, token => token.Claims["queues"] = $"{all[0].Name}, {all[1].Id}"));
        var listed = await QueuesAsync(service, _provider.Issue(Now, token => token.Claims["queues"] = new[] { all[0].Name, $"{all[1].Id}" }));
        var none = await QueuesAsync(service, _provider.Issue(Now));

        named.ShouldBe([$"{all[0].Id}", $"{all[1].Id}"], ignoreOrder: true);
        listed.ShouldBe(named);
        none.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unavailable_identity_provider_is_503_instead_of_401()
    {
        var token = _provider.Issue(Now);
        await using var service = await StartAsync();
        await _provider.DisposeAsync();

        var response = await QueryAsync(service, "/queues", token);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("/problems/identity-unavailable");
        response.Headers.RetryAfter.ShouldNotBeNull();
    }

    public async ValueTask DisposeAsync() => await _provider.DisposeAsync();

    private string Faulty(string fault)
    {
        switch (fault)
        {
            case "cut":
                return _provider.Issue(Now)[..^5];
            case "no token":
                return "x.y.z";
            case "shared secret":
                // Uses the public key as a shared secret, which is an attack on validators that let the token choose the algorithm.
                var secret = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(Convert.ToBase64String(_provider.Key.Rsa.ExportSubjectPublicKeyInfo())));
                return _provider.Issue(Now, token => token.SigningCredentials = new SigningCredentials(secret, SecurityAlgorithms.HmacSha256));
            default:
                return _provider.Issue(Now, token => Spoil(token, fault));
        }
    }

    private static void Spoil(SecurityTokenDescriptor token, string fault)
    {
        switch (fault)
        {
            case "audience":
                token.Audience = "something-else";
                break;
            case "issuer":
                token.Issuer = "http://127.0.0.1:1";
                break;
            case "expired":
                (token.NotBefore, token.Expires) = (Now.UtcDateTime.AddHours(-1), Now.UtcDateTime.AddMinutes(-1));
                break;
            case "not yet":
                (token.NotBefore, token.Expires) = (Now.UtcDateTime.AddMinutes(1), Now.UtcDateTime.AddHours(1));
                break;
            case "no expiry":
                token.Expires = null;
                break;
            case "no subject":
                token.Claims.Remove("sub");
                break;
            case "another key":
                token.SigningCredentials = new SigningCredentials(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256);
                break;
            case "none":
                token.SigningCredentials = null;
                break;
        }
    }

    private Task<SimulatedService> StartAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Auth:Jwt:Authority"] = _provider.Authority, ["Auth:Jwt:Audience"] = TokenProvider.Audience };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return SimulatedService.StartAsync(new SimulatorSettings { Queues = 6, RequestsPerMinute = 1_000_000, Volume = 0.1 }, all);
    }

    private static async Task<string[]> QueuesAsync(SimulatedService service, string token)
    {
        var response = await QueryAsync(service, "/queues", token);
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
        return [.. body.GetProperty("records").EnumerateArray().Select(queue => queue.GetProperty("id").GetString()!)];
    }

    private static async Task<HttpResponseMessage> QueryAsync(SimulatedService service, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await service.Client.SendAsync(request, TestCancellation);
    }
}
