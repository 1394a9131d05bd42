using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Alerts.Evaluation;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>
/// Creates requests that are signed according to the Standard Webhooks specification: HMAC-SHA256 over id, timestamp and body. All attempts to deliver a
/// notification have the same id and body, but each attempt has its own timestamp.
/// </summary>
internal static class WebhookRequest
{
    public const string IdHeader = "webhook-id";

    public const string TimestampHeader = "webhook-timestamp";

    public const string SignatureHeader = "webhook-signature";

    public static HttpRequestMessage Of(Uri address, byte[] key, AlertNotification notification, Instant now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(WebhookBody.Of(notification), WebhookJson.Default.WebhookBody);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add(IdHeader, notification.Id);
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, Sign(key, notification.Id, timestamp, body));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("GenesysAnalyticsApi", null));
        return request;
    }

    public static string Sign(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
