using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// <c>crit</c> of a token lists extensions that its reader must understand (RFC 7515, 4.1.11). None is understood here, and an empty list
/// or anything else is malformed: a token with <c>crit</c> is never valid. The framework passes over it.
/// </summary>
internal static class CriticalHeader
{
    private const string Name = "crit";

    public static bool IsIn(SecurityToken token)
    {
        if (token is not JsonWebToken { EncodedHeader: { } encoded })
        {
            // What has no header that can be looked at is not trusted.
            return true;
        }

        using var header = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded));
        return header.RootElement.TryGetProperty(Name, out _);
    }
}
