using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

/// <summary>An identity provider on the loopback interface. Each instance has its own signing key.</summary>
internal sealed class TokenProvider : IAsyncDisposable
{
    public const string Audience = "genesys-analytics";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _server;

    private TokenProvider(WebApplication server) => _server = server;

    public string Authority => _server.Urls.Single();

    public RsaSecurityKey Key => new(_rsa) { KeyId = "k1" };

    public static async Task<TokenProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var provider = new TokenProvider(server);
        server.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = provider.Authority, jwks_uri = $"{provider.Authority}/keys" }));
        server.MapGet("/keys", () => Results.Json(new { keys = new[] { provider.PublicKey() } }));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    /// <summary>Issues a token that is valid except for the changes that the test makes.</summary>
    public string Issue(DateTimeOffset now, Action<SecurityTokenDescriptor>? change = null)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = Audience,
            NotBefore = now.UtcDateTime.AddMinutes(-1),
            Expires = now.UtcDateTime.AddMinutes(5),
            IssuedAt = now.UtcDateTime,
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object> { ["sub"] = "wallboard", ["scope"] = "read other" },
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rsa.Dispose();
    }

    private Dictionary<string, string> PublicKey()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["kid"] = "k1",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["n"] = Base64UrlEncoder.Encode(key.Modulus),
            ["e"] = Base64UrlEncoder.Encode(key.Exponent),
        };
    }
}
