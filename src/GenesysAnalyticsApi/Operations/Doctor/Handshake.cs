using System.Net.Security;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>
/// A connection with TLS as the service's own clients make it, through the proxy where there is one, and no further: nothing is asked, so
/// that it costs no call.
/// </summary>
/// <param name="Certificate">What the host showed; null where it did not come to that.</param>
/// <param name="Failure">Why the connection was not made; null where it was.</param>
internal sealed record Handshake(CertificateFacts? Certificate, HttpRequestException? Failure)
{
    public static async Task<Handshake> WithAsync(Uri url, CancellationToken cancellationToken)
    {
        CertificateFacts? certificate = null;
        var isMade = false;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PlaintextStreamFilter = (context, _) =>
            {
                if (context.InitialRequestMessage.Method == HttpMethod.Connect)
                {
                    // On the way to the proxy still.
                    return ValueTask.FromResult(context.PlaintextStream);
                }

                isMade = true;
                throw new IOException("Enough was seen.");
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
        {
            certificate = CertificateFacts.Of(shown, chain, errors);
            return errors == SslPolicyErrors.None;
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var never = await client.GetAsync(url, cancellationToken);
            throw new InvalidOperationException("The connection was not stopped.");
        }
        catch (HttpRequestException ended)
        {
            return new(certificate, isMade ? null : ended);
        }
    }
}
