using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Sends a request without credentials to the login host and the API host, to check whether each can be reached and has a trusted certificate.
/// </summary>
internal sealed class TlsCheck(IOptions<GenesysOptions> options, TimeProvider clock)
    : DiagnosticCheck(DiagnosticNames.Tls, "The connection to Genesys", 8, DiagnosticNames.Dns)
{
    private static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(14);

    public override async Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken)
    {
        var urls = new[] { GenesysRegions.LoginBaseUrlOf(options.Value), GenesysRegions.ApiBaseUrlOf(options.Value) }
            .Where(url => url.Scheme == Uri.UriSchemeHttps)
            .DistinctBy(ConfigurationCheck.HostOf)
            .ToList();
        if (urls is [])
        {
            return CheckOutcome.Skipped("Not checked: the addresses are http, without TLS.");
        }

        var outcomes = await Task.WhenAll(urls.Select(url => ConnectAsync(url, cancellationToken)));

        // Only the worst outcome is reported, unless all hosts are fine.
        return outcomes.MaxBy(outcome => outcome.Condition)! is { Condition: not CheckStatus.Ok } worst
            ? worst
            : CheckOutcome.Ok(string.Join(' ', outcomes.Select(outcome => outcome.Text)));
    }

    private async Task<CheckOutcome> ConnectAsync(Uri url, CancellationToken cancellationToken)
    {
        var (issuer, expiresAt, rejection) = ("", DateTimeOffset.MaxValue, "");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (certificate is X509Certificate2 shown)
            {
                (issuer, expiresAt) = (LogSanitizer.Of(shown.GetNameInfo(X509NameType.SimpleName, forIssuer: true)), new DateTimeOffset(shown.NotAfter));
            }

            // HttpRequestException would say only that this callback rejected the certificate.
            rejection = string.Join(", ", [$"{errors}", .. chain?.ChainStatus.Select(status => $"{status.Status}").Distinct() ?? []]);
            return errors == SslPolicyErrors.None;
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(url.GetLeftPart(UriPartial.Authority)));
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return Trusted(ConfigurationCheck.HostOf(url), issuer, expiresAt, clock.GetUtcNow());
        }
        catch (HttpRequestException failure)
        {
            return Failed(url, failure, issuer, rejection);
        }
    }

    internal static CheckOutcome Trusted(string host, string issuer, DateTimeOffset expiresAt, DateTimeOffset now) => expiresAt - now < ExpiryWarning
        ? CheckOutcome.Warning($"The certificate of {host} expires at {expiresAt:u}.", "The operator of that host must renew it; nothing has to be changed here.")
        : CheckOutcome.Ok($"{host} has a certificate issued by '{issuer}', valid until {expiresAt:yyyy-MM-dd}.");

    private static CheckOutcome Failed(Uri url, HttpRequestException failure, string issuer, string rejection)
    {
        var host = DnsCheck.ProxyTo(url) is { } proxy
            ? $"{ConfigurationCheck.HostOf(url)}, through the proxy {ConfigurationCheck.HostOf(proxy)},"
            : ConfigurationCheck.HostOf(url);
        return failure.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError when rejection.Length > 0 => CheckOutcome.Failed(
                $"This machine does not trust the certificate of {host}, issued by '{issuer}' ({rejection}).",
                "If one of your proxies intercepts TLS, add its root certificate to the trusted certificates of this machine (SSL_CERT_FILE names a file with them), or exempt these hosts. "
                + "RemoteCertificateNameMismatch: check Genesys:Region and the base addresses. NotTimeValid: check the clock of this machine (NTP)."),
            HttpRequestError.SecureConnectionError => CheckOutcome.Failed(
                $"{host} does not speak TLS: {Reason(failure)}", "Another server responds there: check the port, Genesys:Region, and any proxy in between."),
            HttpRequestError.ProxyTunnelError => CheckOutcome.Failed(
                $"{host} cannot be reached: {Reason(failure)}", "Configure the proxy to allow CONNECT to this host, or add the user and password that the proxy requires to HTTPS_PROXY."),
            _ => CheckOutcome.Failed($"{host} cannot be reached: {Reason(failure)}", GenesysRemedies.Reach),
        };
    }

    private static string Reason(HttpRequestException failure) => LogSanitizer.Of(failure.InnerException switch
    {
        AuthenticationException tls => tls.Message,
        SocketException socket => $"{socket.SocketErrorCode}.",
        _ => failure.Message,
    });
}
