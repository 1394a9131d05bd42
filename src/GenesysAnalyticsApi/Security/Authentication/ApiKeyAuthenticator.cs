using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.AspNetCore.Authentication;

namespace GenesysAnalyticsApi.Security.Authentication;

/// <summary>
/// Authenticates API keys by their configured hashes. A key from <c>keys new</c> consists of 256 random bits and cannot be guessed, so a fast hash is
/// sufficient. The settings contain no key.
/// </summary>
internal sealed class ApiKeyAuthenticator(IOptions<AuthOptions> options, TimeProvider clock)
{
    public const string Scheme = "ApiKey";
    public const string Header = "X-Api-Key";

    /// <summary>Longer keys are rejected without being hashed.</summary>
    private const int MaxKeyLength = 256;

    private readonly IReadOnlyList<KnownKey> _keys = [.. options.Value.Keys.Values.Select(KnownKeyOf)];

    public AuthenticateResult Authenticate(string key)
    {
        if (key.Length > MaxKeyLength)
        {
            return UnknownKey;
        }

        var hash = BytesOf(key);
        // Compares the hash with that of every key, so that the response time reveals nothing about a key.
        KnownKey? found = null;
        foreach (var known in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(known.Hash, hash) ? known : found;
        }

        return found is null ? UnknownKey : clock.GetUtcNow() < found.Expires ? found.Success : ExpiredKey;
    }

    /// <summary>Creates a key from 256 bits of the system's random source. The prefix lets scanners and the redactor recognize leaked keys.</summary>
    public static string New() => "gaa_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string HashOf(string key) => Convert.ToHexStringLower(BytesOf(key));

    private static AuthenticateResult UnknownKey { get; } = AuthenticateResult.Fail("The API key is invalid.");

    private static AuthenticateResult ExpiredKey { get; } = AuthenticateResult.Fail("The API key has expired.");

    private static byte[] BytesOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static KnownKey KnownKeyOf(ApiKeyOptions key)
    {
        var caller = new Caller(
            CallerIdentity.OfKey(key.Name!),
            key.Name!,
            key.Scopes is [] ? CallerScopes.Read : CallerScopeNames.Of(key.Scopes),
            key.Queues is [] && key.Divisions is [] ? QueueVisibility.All : QueueVisibility.Of(key.Queues, key.Divisions),
            key.RequestsPerMinute)
        {
            Expires = key.Expires ?? DateTimeOffset.MaxValue,
        };
        return new(
            Convert.FromHexString(key.Sha256!),
            caller.Expires,
            AuthenticateResult.Success(new AuthenticationTicket(new CallerPrincipal(caller, Scheme), Scheme)));
    }

    /// <param name="Success">The result for a valid key. All requests share this instance, because it does not depend on the request.</param>
    private sealed record KnownKey(byte[] Hash, DateTimeOffset Expires, AuthenticateResult Success);
}
