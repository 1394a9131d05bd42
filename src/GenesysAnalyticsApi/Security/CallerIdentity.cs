using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// What makes a caller the same caller: how it was let in, and as what. A key, a token's subject and an anonymous network that are called the
/// same are three callers, and so are the subjects of two issuers.
/// </summary>
internal static class CallerIdentity
{
    /// <summary>Keys of one name are one caller.</summary>
    public static string OfKey(string name) => $"key:{name}";

    /// <summary>Hashed: the issuer decides how long a subject is, and each takes memory while its rate is counted.</summary>
    public static string OfToken(string issuer, string subject)
    {
        // No issuer has a line break, so that no two pairs are the same text.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}"), hash);
        return $"token:{Convert.ToHexStringLower(hash[..16])}";
    }

    public static string OfNetwork(string network) => $"network:{network}";
}
