using System.Text;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>Reads the key of a signature: text, or <c>whsec_</c> and Base64, the form that libraries for Standard Webhooks use.</summary>
internal static class WebhookSecret
{
    public const string Prefix = "whsec_";

    public const int MinBytes = 16;

    public static bool TryRead(string secret, out byte[] key)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            key = Encoding.UTF8.GetBytes(secret);
            return secret.Length >= AlertsOptionsValidator.MinSecretLength;
        }

        var buffer = new byte[secret.Length];
        var isBase64 = Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var length);
        key = isBase64 ? buffer[..length] : [];
        return length >= MinBytes;
    }
}
