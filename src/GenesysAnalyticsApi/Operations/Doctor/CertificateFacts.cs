using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>What is to be known of the certificate that a host showed.</summary>
/// <param name="Errors">What the machine itself objects to.</param>
/// <param name="Chain">In particular, of its chain.</param>
/// <param name="IsPublic">
/// It has the stamp of a public log (RFC 6962), as every public authority's have and those of a proxy that makes them on the fly have not.
/// </param>
internal sealed record CertificateFacts(
    string Subject, string Issuer, DateTimeOffset From, DateTimeOffset Until, bool IsPublic, SslPolicyErrors Errors, X509ChainStatusFlags Chain)
{
    private const string Stamps = "1.3.6.1.4.1.11129.2.4.2";

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private const string Trust =
        "If a proxy of yours opens TLS, add its root certificate to those that this machine trusts (SSL_CERT_FILE names a file with them), or have it leave these hosts alone.";

    /// <summary>As the callback of a handshake gets them, which are gone after it.</summary>
    public static CertificateFacts Of(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        using var certificate = shown is null ? null : X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        return new(
            OneLine.Of(certificate?.GetNameInfo(X509NameType.DnsName, forIssuer: false) ?? ""),
            OneLine.Of(certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: true) ?? ""),
            certificate?.NotBefore ?? default,
            certificate?.NotAfter ?? default,
            certificate?.Extensions.Any(extension => extension.Oid?.Value == Stamps) == true,
            errors,
            chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status) ?? X509ChainStatusFlags.NoError);
    }

    public Finding Judged(string host, DateTimeOffset now) => (Errors, Chain) switch
    {
        _ when Errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => Finding.Failed($"{host} showed no certificate.", GenesysRemedies.Hanging),
        _ when Errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => Finding.Failed(
            $"{host} shows a certificate of '{Subject}', made by '{Issuer}': somebody else answers there.", "Check Genesys:Region or the base addresses, and the proxy or name server on the way."),
        _ when Chain.HasFlag(X509ChainStatusFlags.NotTimeValid) => Finding.Failed(
            $"The certificate of {host} is valid from {From:u} to {Until:u}, and the clock here says {now:u}.", "Set the clock of this machine (NTP). If it is right, the certificate has expired: tell whoever runs that host."),
        _ when Errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) => Finding.Failed(
            $"The certificate of {host} was made by '{Issuer}', whom this machine does not trust ({Chain}): a proxy may open TLS on the way.", Trust),
        _ when !IsPublic => Finding.Warning(
            $"The certificate of {host} was made by '{Issuer}', which is no public authority: a proxy opens TLS on the way, and can read the token and every figure.",
            "If that is meant, nothing has to be done. Else have the proxy leave these hosts alone."),
        _ when Until - now < Soon => Finding.Warning($"The certificate of {host} ends on {Until:u}.", "Whoever runs that host has to renew it; nothing has to be done here."),
        _ => Finding.Ok($"{host} shows a certificate by '{Issuer}', valid until {Until:yyyy-MM-dd}."),
    };
}
