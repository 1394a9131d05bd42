using System.Text;
using GenesysAnalyticsApi.Genesys;
using PureCloudPlatform.Client.V2.Client;
using HttpResponse = PureCloudPlatform.Client.V2.Client.HttpResponse;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// An answer in the SDK's models, by the SDK's own serializer. It wants the whole text: nothing is read while it comes in. The stream ends
/// the reading at the limit of the call (<see cref="LimitedBody"/>).
/// </summary>
internal sealed class SdkAnswerReader(ApiClient client)
{
    // Replacement characters would make one name of two.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<T> ReadAsync<T>(Stream body, CancellationToken cancellationToken)
        where T : class
    {
        var text = Text(await WholeAsync(body, cancellationToken));
        try
        {
            return (T?)client.Deserialize(new HttpResponse { StatusCode = 200, Content = text, Headers = [] }, typeof(T))
                ?? throw GenesysFailures.Unreadable("it is empty");
        }
        catch (ApiException)
        {
            // Its text would quote the answer.
            throw GenesysFailures.Unreadable("the official SDK makes nothing of it");
        }
    }

    private static async Task<MemoryStream> WholeAsync(Stream body, CancellationToken cancellationToken)
    {
        var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            await whole.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return whole;
    }

    private static string Text(MemoryStream whole)
    {
        try
        {
            return Utf8.GetString(whole.GetBuffer().AsSpan(0, (int)whole.Length)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw GenesysFailures.Unreadable("it is not UTF-8");
        }
    }
}
