using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GenesysAnalyticsApi.Doctor.Checks;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

public sealed class TlsCheckTests
{
    [Theory]
    [InlineData(60, "Ok", "api.mypurecloud.ie has a certificate issued by 'Public Authority 1', valid until 2027-01-22.")]
    [InlineData(7, "Warning", "The certificate of api.mypurecloud.ie expires at 2026-11-30 09:15:20Z.")]
    public void A_certificate_that_expires_soon_is_a_warning(int days, string condition, string text)
    {
        var found = TlsCheck.Trusted("api.mypurecloud.ie", "Public Authority 1", SimulatedService.Monday.AddDays(days), SimulatedService.Monday);

        ($"{found.Condition}", found.Text).ShouldBe((condition, text));
        (found.Remedy is null).ShouldBe(condition == "Ok");
    }

    [Fact]
    public async Task A_server_with_an_untrusted_certificate_is_reported_and_gets_no_request()
    {
        using var certificate = SelfSigned();
        var requests = 0;
        await using var server = await StartAsync(certificate, () => requests++);
        using var service = new RunningService { Upstream = null, Settings = new() { ["Genesys:ApiBaseUrl"] = server.Urls.Single(), ["Genesys:LoginBaseUrl"] = server.Urls.Single() } };

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found["tls"].Condition.ShouldBe("failed");
        found["tls"].Finding.ShouldMatch(@"^This machine does not trust the certificate of 127\.0\.0\.1:\d+, issued by 'Self-made' \(RemoteCertificateChainErrors, \w+\)\.$");
        found["tls"].Remedy!.ShouldContain("SSL_CERT_FILE");
        found["token"].Finding.ShouldBe("Not checked: it depends on 'tls'.");
        requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("127.0.0.1", -1, "RemoteCertificateChainErrors", "NotTimeValid")]
    [InlineData("127.0.0.9", 30, "RemoteCertificateNameMismatch", "UntrustedRoot")]
    public async Task An_expired_certificate_and_one_for_another_host_are_distinguished(string host, int lastDay, string error, string status)
    {
        using var certificate = SelfSigned(host, lastDay);
        await using var server = await StartAsync(certificate, () => { });
        using var service = new RunningService { Upstream = null, Settings = new() { ["Genesys:ApiBaseUrl"] = server.Urls.Single(), ["Genesys:LoginBaseUrl"] = server.Urls.Single() } };

        var found = (await DoctorReport.OfAsync(service.CreateClient()))["tls"];

        found.Condition.ShouldBe("failed");
        found.Finding.ShouldContain(error);
        found.Finding.ShouldContain(status);
        found.Finding.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal).ShouldBe(host != "127.0.0.1");
        found.Finding.Contains("NotTimeValid", StringComparison.Ordinal).ShouldBe(lastDay < 0);
    }

    [Fact]
    public async Task A_server_without_TLS_is_reported()
    {
        await using var server = await StartAsync(null, () => { });
        var address = server.Urls.Single().Replace("http://", "https://", StringComparison.Ordinal);
        using var service = new RunningService { Upstream = null, Settings = new() { ["Genesys:ApiBaseUrl"] = address, ["Genesys:LoginBaseUrl"] = address } };

        (await DoctorReport.OfAsync(service.CreateClient()))["tls"].Finding.ShouldContain("does not speak TLS: ");
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2? certificate, Action onRequest)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var server = builder.Build();
        server.Run(_ =>
        {
            onRequest();
            return Task.CompletedTask;
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static X509Certificate2 SelfSigned(string host = "127.0.0.1", int lastDay = 30)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Self-made", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(host));
        request.CertificateExtensions.Add(names.Build());
        // The TLS handshake uses the system clock.
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-90), now.AddDays(lastDay));
    }
}
