using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Text;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Whether both hosts can be reached, and are who they say they are.</summary>
internal sealed class TlsCheck(IOptions<GenesysOptions> options, TimeProvider clock) : IDiagnosticCheck
{
    public string Name => DiagnosticNames.Tls;

    public IReadOnlyList<string> Needs => [DiagnosticNames.Dns];

    public TimeSpan Limit => TimeSpan.FromSeconds(8);

    public string Subject => "A host of Genesys";

    public async Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken)
    {
        var urls = new[] { GenesysRegions.LoginBaseUrlOf(options.Value), GenesysRegions.ApiBaseUrlOf(options.Value) }
            .Where(url => url.Scheme == Uri.UriSchemeHttps)
            .DistinctBy(ConfigurationCheck.HostOf)
            .ToList();
        if (urls is [])
        {
            return CheckOutcome.Skipped("Not examined: the addresses are http, without TLS.");
        }

        var found = await Task.WhenAll(urls.Select(url => ExamineAsync(url, cancellationToken)));

        // The gravest of both; a finding of one host is no finding of the other.
        return found.MaxBy(finding => finding.Condition)! is { Condition: not CheckStatus.Ok } grave
            ? grave
            : CheckOutcome.Ok(string.Join(' ', found.Select(finding => finding.Text)));
    }

    private async Task<CheckOutcome> ExamineAsync(Uri url, CancellationToken cancellationToken)
    {
        var host = ConfigurationCheck.HostOf(url);
        var handshake = await TlsHandshake.WithAsync(url, cancellationToken);
        return handshake switch
        {
            { Certificate: { } certificate } => certificate.Judged(host, clock.GetUtcNow()),
            { Failure: { } failure } => NotReached(DnsCheck.ProxyTo(url) is { } proxy ? $"{host}, through the proxy {ConfigurationCheck.HostOf(proxy)}," : host, failure),
            _ => CheckOutcome.Failed($"{host} showed no certificate.", GenesysRemedies.Hanging),
        };
    }

    private static CheckOutcome NotReached(string host, HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError => CheckOutcome.Failed(
            $"{host} does not speak TLS as it should ({failure.HttpRequestError}).", "Something else answers there: check the port, Genesys:Region, and the proxy on the way."),
        HttpRequestError.ProxyTunnelError => CheckOutcome.Failed(
            $"{host} cannot be reached: the proxy refuses ({failure.StatusCode?.ToString() ?? "no status"}).", "Have it allow CONNECT to it, or give HTTPS_PROXY the user that it asks for."),
        _ => CheckOutcome.Failed($"{host} cannot be reached ({Reason(failure)}).", GenesysRemedies.Reach),
    };

    private static string Reason(HttpRequestException failure) =>
        failure.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : $"{failure.HttpRequestError}";
}

/// <summary>What is to be known of the certificate that a host showed.</summary>
/// <param name="Errors">What the machine itself objects to.</param>
/// <param name="Chain">In particular, of its chain.</param>
/// <param name="IsPublic">
/// It has the stamp of a public log (RFC 6962), as every public authority's have and those of a proxy that makes them on the fly have not.
/// </param>
internal sealed record CertificateInfo(
    string Subject, string Issuer, DateTimeOffset From, DateTimeOffset Until, bool IsPublic, SslPolicyErrors Errors, X509ChainStatusFlags Chain)
{
    private const string Stamps = "1.3.6.1.4.1.11129.2.4.2";

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private const string Trust =
        "If a proxy of yours opens TLS, add its root certificate to those that this machine trusts (SSL_CERT_FILE names a file with them), or have it leave these hosts alone.";

    /// <summary>As the callback of a handshake gets them, which are gone after it.</summary>
    public static CertificateInfo Of(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        using var certificate = shown is null ? null : X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        return new(
            LogSanitizer.Of(certificate?.GetNameInfo(X509NameType.DnsName, forIssuer: false) ?? ""),
            LogSanitizer.Of(certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: true) ?? ""),
            certificate?.NotBefore ?? default,
            certificate?.NotAfter ?? default,
            certificate?.Extensions.Any(extension => extension.Oid?.Value == Stamps) == true,
            errors,
            chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status) ?? X509ChainStatusFlags.NoError);
    }

    public CheckOutcome Judged(string host, DateTimeOffset now) => (Errors, Chain) switch
    {
        _ when Errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => CheckOutcome.Failed($"{host} showed no certificate.", GenesysRemedies.Hanging),
        _ when Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => CheckOutcome.Failed(
            $"{host} shows a certificate of '{Subject}', made by '{Issuer}': somebody else answers there.", "Check Genesys:Region or the base addresses, and the proxy or name server on the way."),
        _ when Chain.HasFlag(X509ChainStatusFlags.NotTimeValid) => CheckOutcome.Failed(
            $"The certificate of {host} is valid from {From:u} to {Until:u}, and the clock here says {now:u}.", "Set the clock of this machine (NTP). If it is right, the certificate has expired: tell whoever runs that host."),
        _ when Errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) => CheckOutcome.Failed(
            $"The certificate of {host} was made by '{Issuer}', whom this machine does not trust ({Chain}): a proxy may open TLS on the way.", Trust),
        _ when !IsPublic => CheckOutcome.Warning(
            $"The certificate of {host} was made by '{Issuer}', which is no public authority: a proxy opens TLS on the way, and can read the token and every figure.",
            "If that is meant, nothing has to be done. Else have the proxy leave these hosts alone."),
        _ when Until - now < Soon => CheckOutcome.Warning($"The certificate of {host} ends on {Until:u}.", "Whoever runs that host has to renew it; nothing has to be done here."),
        _ => CheckOutcome.Ok($"{host} shows a certificate by '{Issuer}', valid until {Until:yyyy-MM-dd}."),
    };
}

/// <summary>
/// A connection with TLS as the service's own clients make it, through the proxy where there is one, and no further: nothing is asked, so
/// that it costs no call.
/// </summary>
/// <param name="Certificate">What the host showed; null where it did not come to that.</param>
/// <param name="Failure">Why the connection was not made; null where it was.</param>
internal sealed record TlsHandshake(CertificateInfo? Certificate, HttpRequestException? Failure)
{
    public static async Task<TlsHandshake> WithAsync(Uri url, CancellationToken cancellationToken)
    {
        CertificateInfo? certificate = null;
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
            certificate = CertificateInfo.Of(shown, chain, errors);
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
